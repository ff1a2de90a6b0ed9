// The schema and the data that both servers answer from: the bytes of our answer, read back.
import { readFileSync } from "node:fs";

export const typeDefs = `
  type Query { node(id: ID!): Node }
  interface Node { id: ID! }
  type ScenarioSession implements Node { id: ID! state: String startedAt: String scenario: Scenario events(first: Int): Events }
  type Scenario implements Node { id: ID! name: String }
  type Events { nodes: [ScenarioSessionEvent] }
  type ScenarioSessionEvent implements Node { id: ID! type: String createdAt: String }
`;

const { node } = JSON.parse(readFileSync(process.argv[2])).data;

export const resolvers = {
  Query: { node: () => node },
  Node: { __resolveType: () => "ScenarioSession", resolveType: () => "ScenarioSession" },
};

export const port = Number(process.argv[3]);
