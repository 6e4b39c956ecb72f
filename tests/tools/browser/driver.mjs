// Chromium for the tests in Rust: one JSON command a line on standard input, one JSON answer a line on standard
// output. It does what a person does (by the names that people see or hear) and tells what came of it; it judges nothing.
//
//   {"do":"browser","javascript":true,"language":"sv"}  a browser of its own, without cookies -> {"page":1}
//   {"do":"tab","page":1}                               another tab of that browser           -> {"page":2}
//   {"do":"open","page":1,"url":"…"}                    -> facts of the page, as from every command below
//   {"do":"press","page":1,"name":"…"}                  a button or link that leads somewhere
//   {"do":"unfold","page":1,"name":"…"}                 a heading that hides something
//   {"do":"fill","page":1,"label":"…","value":"…"}      the first text field or list of that name
//   {"do":"choose","page":1,"label":"…"}                a radio button
//   {"do":"back","page":1}                              the browser's back button
//   {"do":"save","page":1,"name":"…","to":"…"}          a link that downloads
//   {"do":"key","page":1,"key":"Tab"}                   one key; adds where the focus is
//   {"do":"enter","page":1}                             Enter on whatever has the focus and leads somewhere
//
// SIGILL_BROWSER is the folder with the packages, CHROMIUM the browser. With SIGILL_KEEP a folder, a picture of every
// page is kept there, wide and 320 pixels, its name beginning with PICTURES.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const packages = createRequire(`${process.env.SIGILL_BROWSER}/`);
const axe = packages("axe-core");
const { chromium } = packages("playwright-core");
const keep = process.env.SIGILL_KEEP;

const WIDE = { width: 1280, height: 900 };
// A small phone, and a window of 1280 x 1024 at 400 % zoom (WCAG 2.2, 1.4.10).
const NARROW = [{ width: 320, height: 640 }, { width: 320, height: 256 }];
const STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
const tabs = new Map();
const judged = new Map();
let pictures = 0;

async function tab(context, javascript) {
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const entry = { page, javascript, response: null, complaints: [] };
  page.on("response", (response) => {
    const main = response.request().isNavigationRequest() && response.frame() === page.mainFrame();
    if (main && (response.status() < 300 || response.status() >= 400)) entry.response = response;
  });
  page.on("console", (message) => {
    // That the page itself came with an error status is told by its status.
    const own = message.text().startsWith("Failed to load resource") && message.location().url === entry.response?.url();
    if (["error", "warning"].includes(message.type()) && !own) entry.complaints.push(message.text());
  });
  page.on("pageerror", (error) => entry.complaints.push(String(error)));
  tabs.set(tabs.size + 1, entry);
  return { page: tabs.size };
}

async function facts(entry) {
  const { page, response } = entry;
  const headers = (await response?.allHeaders()) ?? {};
  const found = { url: page.url(), status: response?.status() ?? 0, headers, complaints: entry.complaints.splice(0) };
  if (!headers["content-type"]?.startsWith("text/html")) return { ...found, html: null };
  const html = await page.evaluate(() => ({
    heading: document.querySelector("h1")?.innerText ?? "",
    title: document.title,
    language: document.documentElement.lang,
    text: document.body.innerText,
  }));
  // A page that differs from an earlier one in its numbers alone looks and sounds as that one did.
  const looks = (await page.content()).replaceAll(/[0-9a-f]{4,}/g, "");
  if (!judged.has(looks)) judged.set(looks, await judge(entry, html.heading));
  return { ...found, html: { ...html, ...judged.get(looks) } };
}

async function judge({ page, javascript }, heading) {
  // axe waits with timers, which do not run where scripts are off.
  const found = { accessibility: javascript ? await accessibility(page) : [], wide: [] };
  await picture(page, heading, "wide");
  for (const viewport of NARROW) {
    await page.setViewportSize(viewport);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > viewport.width) found.wide.push(`${width} pixels in a window of ${viewport.width} x ${viewport.height}`);
    if (viewport === NARROW[0]) await picture(page, heading, "narrow");
  }
  await page.setViewportSize(WIDE);
  return found;
}

async function accessibility(page) {
  await page.evaluate(axe.source);
  const options = { runOnly: { type: "tag", values: STANDARD }, resultTypes: ["violations"], preload: false };
  const { violations } = await page.evaluate((options) => globalThis.axe.run(options), options);
  return violations.map(({ id, impact, nodes }) => ({ rule: id, impact, places: nodes.map(({ html }) => html) }));
}

async function picture(page, heading, width) {
  if (!keep) return;
  const name = heading.toLowerCase().replaceAll(/[^a-zåäö0-9]+/g, "-");
  pictures += 1;
  const path = `${keep}/${process.env.PICTURES}-${String(pictures).padStart(3, "0")}-${name}-${width}.png`;
  await page.screenshot({ path, fullPage: true });
}

async function focus(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const inside = top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
    const name = element.labels?.[0]?.innerText ?? element.innerText ?? "";
    return { name: name.replaceAll(/\s+/g, " ").trim(), seen: inside && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 };
  });
}

function named(page, name) {
  const exact = { name, exact: true };
  return page.getByRole("button", exact).or(page.getByRole("link", exact));
}

async function leading(entry, act) {
  const arrived = entry.page.waitForEvent("load");
  await Promise.all([arrived, act()]);
  return facts(entry);
}

async function run(command) {
  if (command.do === "browser") {
    const { javascript, language } = command;
    return tab(await browser.newContext({ viewport: WIDE, locale: language, javaScriptEnabled: javascript }), javascript);
  }
  const entry = tabs.get(command.page);
  const { page } = entry;
  switch (command.do) {
    case "tab": return tab(page.context(), entry.javascript);
    case "open": return leading(entry, () => page.goto(command.url));
    case "press": return leading(entry, () => named(page, command.name).click());
    case "enter": return leading(entry, () => page.keyboard.press("Enter"));
    case "back": await page.goBack(); return facts(entry);
    case "unfold": await page.locator("summary", { hasText: command.name }).click(); return facts(entry);
    case "choose": await page.getByRole("radio", { name: command.label, exact: true }).check(); return {};
    case "fill": {
      const field = page.getByLabel(command.label, { exact: true }).first();
      const list = await field.evaluate((element) => element.tagName === "SELECT");
      await (list ? field.selectOption({ label: command.value }) : field.fill(command.value));
      return {};
    }
    case "save": {
      const download = page.waitForEvent("download");
      await named(page, command.name).click();
      await (await download).saveAs(command.to);
      return {};
    }
    case "key": await page.keyboard.press(command.key); return focus(page);
    default: throw new Error(`unknown command ${command.do}`);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { ok: await run(JSON.parse(line)) };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
