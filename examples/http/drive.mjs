// Tests an integration over the control API of a running simulator: JavaScript, node 18 or newer, no packages.
//
//     node drive.mjs [SIMULATOR] [TARGET]
//
// SIMULATOR is where `scope-simulator serve` listens. TARGET is the URL of your integration for webhooks; without it this
// program receives them itself, and asks the API as an integration would. Ends with 0 when all that was expected has
// happened, with 1 when something has not, with 2 when the simulator cannot be driven. A simulator that listens beyond its
// own machine wants its control token, in the variable CONTROL_TOKEN.

import http from "node:http";

const simulator = process.argv[2] ?? "http://127.0.0.1:7267";
const given = process.argv[3];
const control_token = process.env.CONTROL_TOKEN;

class Refused extends Error {}

/** Carry out an operation of the control side. A wait that was in vain (408) is an answer like others. */
async function control(method, path, body) {
  const answer = await fetch(`${simulator}/_simulator/${path}`, {
    method,
    headers: {
      ...(control_token && { Authorization: `Bearer ${control_token}` }),
      ...(body && { "Content-Type": "application/json" }),
    },
    body: body && JSON.stringify(body),
  });
  const value = answer.status === 204 ? null : await answer.json();
  if (!answer.ok && answer.status !== 408) throw new Refused(value.detail);
  return value;
}

/** Ask Scope what has become of a session, as an integration does. */
async function look_up(token, id) {
  const query = "query WorkOrder($id: ID!) { node(id: $id) { ... on ScenarioSession { state externalData } } }";
  const answer = await fetch(`${simulator}/api/v3/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables: { id } }),
  });
  const session = (await answer.json()).data.node;
  console.log(`receiver: work order ${session.externalData.work_order_id} is ${session.state}`);
}

/** Receive webhooks: answer at once, then look up what they are about. */
function receive(token) {
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const hook = JSON.parse(Buffer.concat(parts).toString());
      response.writeHead(200).end();
      if (hook.event !== "update") look_up(token, hook.data["resource-id"]);
    });
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

async function main() {
  const { token } = await control("GET", "health");
  const server = given ? null : await receive(token);
  const target = await control("POST", "targets", {
    url: given ?? `http://127.0.0.1:${server.address().port}/hooks/scopear`,
  });

  const session = await control("POST", "resources/ScenarioSession", {
    externalData: { work_order_id: "WO-1042" },
  });
  const path = `resources/${encodeURIComponent(session.id)}`;
  for (const verb of ["pause", "resume", "finish"]) await control("POST", `${path}/${verb}`);

  const verdicts = [
    await control("POST", "deliveries/wait", { event: "finished", of: session.id, status: "2xx", within: "5s" }),
    await control("POST", "requests/wait", {
      of: session.id,
      fields: ["state"],
      after: { event: "finished" },
      within: "5s",
    }),
  ];
  await control("DELETE", `targets/${target.id}`);
  server?.close();
  server?.closeAllConnections();

  for (const one of verdicts) {
    console.log(`${one.met ? "met    " : "not met"}  ${one.expected}; seen: ${one.seen}`);
    for (const miss of one.misses) console.log(`         ${miss}`);
  }
  const met = verdicts.every((one) => one.met);
  console.log(met ? "passed" : "failed");
  return met ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Refused ? error.message : `no simulator at ${simulator}: ${error.message}`);
  process.exitCode = 2;
}
