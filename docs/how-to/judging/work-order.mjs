// node work-order.mjs SIMULATOR ORDERS: the same test over the control API, on a simulator that somebody serves.
const [simulator, orders] = process.argv.slice(2);

async function control(method, path, body) {
  const answer = await fetch(`${simulator}/_simulator/${path}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, ...(text ? JSON.parse(text) : {}) };
}

await control("POST", "reset", { seed: 7 });
await control("POST", "targets", { url: orders });
const { id } = await control("POST", "resources/ScenarioSession", { externalData: { work_order_id: "WO-7" } });
await control("POST", `resources/${id}/view`, { steps: 2 });
await control("POST", `resources/${id}/pause`);
await control("POST", "clock/advance", { by: "2h" });
await control("POST", `resources/${id}/resume`);
await control("POST", `resources/${id}/finish`);

const verdict = await control("POST", "expectations/wait", {
  answered: { event: "finished", of: id, in: "500ms" },
  queried: { of: id, fields: ["state"], after: { event: "finished" }, times: 1 },
  order: { of: id, events: ["create", "paused", "resumed", "finished"] },
  receiver: { get: `${orders}/orders/WO-7`, json: { state: "done", closings: 1 } },
  within: "1500ms",
});
console.log(verdict.met ? "passed" : verdict.detail);
process.exitCode = verdict.met ? 0 : 1;
