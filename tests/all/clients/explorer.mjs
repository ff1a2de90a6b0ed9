// Opens the explorer in Chromium with every other host out of reach, asks its first query, lets a field be completed, and
// prints what was seen as JSON. node explorer.mjs URL FOLDER
import { chromium } from "playwright-core";

const [url, folder] = process.argv.slice(2);
const flags =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: flags.split(" "),
});
const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
const seen = { elsewhere: [], complaints: [] };
await page.route("**", (route) => {
  const asked = new URL(route.request().url());
  if (asked.host === new URL(url).host || asked.protocol === "data:") return route.continue();
  seen.elsewhere.push(asked.href);
  return route.abort();
});
page.on("pageerror", (error) => seen.complaints.push(String(error)));
page.on("console", (line) => line.type() === "error" && seen.complaints.push(line.text()));

await page.goto(`${url}/api/v3/graphql/explorer`);
const editor = page.locator(".graphiql-query-editor .CodeMirror");
await editor.waitFor();
seen.title = await page.title();
await editor.click();
await page.keyboard.press("Control+Enter");
const result = page.locator(".result-window .CodeMirror");
await page.waitForFunction(() =>
  document.querySelector(".result-window .CodeMirror")?.CodeMirror.getValue().includes("scenarioSessionEvents"),
);
seen.answer = JSON.parse(await result.evaluate((one) => one.CodeMirror.getValue()));
await page.screenshot({ path: `${folder}/asked.png` });

await editor.click();
await page.keyboard.press("Control+a");
await page.keyboard.press("Delete");
await page.keyboard.type("{ scenarioS");
await page.locator(".CodeMirror-hints li", { hasText: "scenarioSessions" }).first().waitFor();
seen.hints = await page.locator(".CodeMirror-hints li").allInnerTexts();
await page.screenshot({ path: `${folder}/completed.png` });
await page.locator(".CodeMirror-hints li", { hasText: "scenarioSessions" }).first().click();
seen.completed = await editor.evaluate((one) => one.CodeMirror.getValue());
await browser.close();
console.log(JSON.stringify(seen));
