import Fastify from "fastify";
import mercurius from "mercurius";
import { port, resolvers, typeDefs } from "./answer.mjs";

const { Query, Node } = resolvers;
const app = Fastify();
app.register(mercurius, { schema: typeDefs, resolvers: { Query, Node: { resolveType: Node.resolveType } } });
await app.listen({ port, host: "127.0.0.1" });
console.log("ready");
