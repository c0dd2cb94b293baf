// Firefox, driven over WebDriver BiDi: it is told by lines of JSON what to do, and answers in lines of JSON.

import { createInterface } from "node:readline";

import puppeteer from "puppeteer-core";

const WAIT = 60000; // milliseconds: a busy machine is slow

const [executablePath, width, height] = process.argv.slice(2);
const browser = await puppeteer.launch({ browser: "firefox", executablePath, protocolTimeout: 3 * WAIT });
const page = await browser.newPage();
await page.setViewport({ width: Number(width), height: Number(height) });
page.setDefaultTimeout(WAIT);
const seen = { problems: [], requests: [] };
page.on("pageerror", (error) => seen.problems.push(`page error: ${error.stack ?? error}`));
page.on("console", (said) => said.type() === "error" && seen.problems.push(`console: ${said.text()}`));
page.on("request", (request) => seen.requests.push(request.url()));

const acts = {
  open: (url) => page.goto(url),
  evaluate: (expression) => page.evaluate(expression),
  press: (key) => page.keyboard.press(key),
  async drag([x, y], by) {
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + by, y, { steps: 12 });
    await page.mouse.up();
  },
  picture: (path) => page.screenshot({ path }),
  seen: () => seen,
};

for await (const line of createInterface({ input: process.stdin })) {
  const [act, ...given] = JSON.parse(line);
  try {
    const value = await acts[act](...given);
    console.log(JSON.stringify({ value: ["evaluate", "seen"].includes(act) ? value : null }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.stack ?? error) }));
  }
}
await browser.close();
