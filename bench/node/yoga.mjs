import { createServer } from "node:http";
import { createSchema, createYoga } from "graphql-yoga";
import { port, resolvers, typeDefs } from "./answer.mjs";

const { Query, Node } = resolvers;
const schema = createSchema({ typeDefs, resolvers: { Query, Node: { __resolveType: Node.__resolveType } } });
createServer(createYoga({ schema, logging: false })).listen(port, "127.0.0.1", () => console.log("ready"));
