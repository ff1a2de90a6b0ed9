// Asks about a session with two clients of others, graphql-request and urql, and prints what each got as JSON: the data, and
// what it makes of a query that is wrong. node ask.mjs URL TOKEN ID
import { Client, fetchExchange } from "@urql/core";
import { GraphQLClient } from "graphql-request";

const [url, token, id] = process.argv.slice(2);
const headers = { authorization: `Bearer ${token}` };
const query = "query Session($id: ID!) { node(id: $id) { __typename ... on ScenarioSession { databaseId state } } }";
const wrong = "{ viewer { wages } }";

const request = new GraphQLClient(url, { headers });
const asked = await request.request(query, { id });
const refused = await request.request(wrong).catch((error) => error.response);

const urql = new Client({ url, exchanges: [fetchExchange], fetchOptions: { headers }, preferGetMethod: false });
const answer = await urql.query(query, { id }).toPromise();
const byGet = await urql.query(query, { id }, { preferGetMethod: "force" }).toPromise();
const failed = await urql.query(wrong, {}).toPromise();

console.log(
  JSON.stringify({
    "graphql-request": [asked, refused.status, refused.errors.map((error) => error.message)],
    urql: [answer.data, byGet.data, failed.error.graphQLErrors.map((error) => error.message)],
  }),
);
