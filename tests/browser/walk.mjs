// Walks through the console as a person would: first administrator, sign in, ticket, resolve,
// statement, ledger, mails. Every page, and every mail by itself, passes axe, fits a phone, and is
// photographed in light, dark and small.

import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";
import assert from "node:assert/strict";

const { SETUP_LINK, BASE_URL, SHOTS } = process.env;
const OWNER = { name: "Sara Lindqvist", email: "sara@provider.example", password: "a long enough sentence" };
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const problems = [];

const watchdog = setTimeout(() => {
  console.error(`the walk takes too long\n${problems.join("\n")}`);
  process.exit(1);
}, 480_000);

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
// Without motion, or axe would measure colours half way from one scheme to the other.
const context = await browser.newContext({ viewport: DESK, baseURL: BASE_URL, reducedMotion: "reduce" });
context.setDefaultTimeout(20_000);
context.on("page", (opened) => {
  opened.on("console", (said) => {
    // A form that is refused on purpose comes back with this status.
    const expected = said.text().includes("status of 422");
    if (said.type() === "error" && !expected) problems.push(`${opened.url()}: console: ${said.text()}`);
  });
  opened.on("pageerror", (error) => problems.push(`${opened.url()}: script: ${error.message}`));
});
const page = await context.newPage();
context.on("request", (request) => {
  const url = new URL(request.url());
  if (url.protocol.startsWith("http") && url.origin !== BASE_URL) problems.push(`${page.url()}: asks ${url.origin}`);
});

async function look(name, at = page) {
  for (const scheme of ["light", "dark"]) {
    await at.emulateMedia({ colorScheme: scheme });
    // The mail in its frame runs no scripts, so axe cannot look into it; lookAtMail does.
    const { violations } = await new AxeBuilder({ page: at }).exclude("iframe").analyze();
    for (const found of violations.filter((one) => ["serious", "critical"].includes(one.impact))) {
      const where = found.nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ");
      problems.push(`${name} (${scheme}): ${found.id}: ${found.help} at ${where}`);
    }
    await at.screenshot({ path: `${SHOTS}/${name}-${scheme}.png`, fullPage: true });
  }
  await at.emulateMedia({ colorScheme: "light" });
  await at.setViewportSize(PHONE);
  const wide = await at.evaluate(() => document.scrollingElement.scrollWidth - window.innerWidth);
  if (wide > 0) problems.push(`${name}: ${wide} pixels wider than a phone`);
  await at.screenshot({ path: `${SHOTS}/${name}-phone.png`, fullPage: true });
  await at.setViewportSize(DESK);
}

async function visit(path, name) {
  const response = await page.goto(path);
  assert.equal(response.status(), 200, `${path} answers ${response.status()}`);
  await look(name);
}

// A mail as a mail program shows it: alone, and without the console's policy.
async function lookAtMail(address, name) {
  const mail = await page.request.get(address);
  assert.equal(mail.status(), 200, `${address} answers ${mail.status()}`);
  const text = await mail.text();
  const alone = await context.newPage();
  await alone.setContent(text);
  await look(name, alone);
  await alone.close();
  return text;
}

async function follow(selector, name) {
  const link = page.locator(selector).first();
  assert.ok((await link.count()) > 0, `${page.url()} has no ${selector}`);
  await visit(await link.getAttribute("href"), name);
}

// The link works once.
await page.goto(SETUP_LINK);
await look("setup");
for (const [field, value] of Object.entries(OWNER)) await page.fill(`[name=${field}]`, value);
await page.click("main button.first");
await page.waitForURL(`${BASE_URL}/`);
await look("today");
assert.notEqual((await page.request.get(SETUP_LINK)).status(), 200, "the one-time link works twice");

await page.click('form[action="/logout"] button');
await page.goto("/tickets");
assert.match(page.url(), /\/login/);
await look("login");
await page.fill("[name=email]", OWNER.email);
await page.fill("[name=password]", OWNER.password);
await page.click("main button.first");
await page.waitForURL(/\/tickets/);

await look("tickets");
await follow("#list a[href^='/tickets/']", "ticket");
const ticket = new URL(page.url()).pathname;
await page.click('form[action$="/acknowledge"] button');
await page.waitForURL(`**${ticket}*`);
const work = page.locator('form[action$="/work"]');
await work.locator("[name=minutes]").fill("25");
await work.locator("[name=text]").fill("Went there <b>and</b> put it right.");
await work.locator("button").click();
await page.waitForURL(`**${ticket}*`);
assert.match(await page.locator("#worklog").innerText(), /Went there <b>and<\/b> put it right\./);
const resolve = page.locator('form[action$="/resolve"]');
const choice = resolve.locator("select, input[type=radio]").first();
if ((await choice.evaluate((field) => field.tagName)) === "SELECT") await choice.selectOption({ value: "fixed" });
else await resolve.locator("input[type=radio][value=fixed]").check();
await resolve.locator("button").click();
await page.waitForURL(`**${ticket}*`);
assert.match(await page.locator("main header").innerText(), /resolved/i);
await look("ticket-resolved");

await visit("/hosts", "hosts");
await follow("main a[href^='/hosts/']", "host");
await follow("main a[href^='/assets/']", "asset");
await visit("/clients", "clients");
await follow("main tbody a[href^='/clients/']", "client");
const client = new URL(page.url()).pathname;
await follow("main a[href*='/sites/']", "site");
const site = new URL(page.url()).pathname;
for (const summary of await page.locator("main summary").all()) await summary.click();
await look("site-open");
assert.match(await page.locator("ol.way").innerText(), /Gateway[\s\S]*Line[\s\S]*Internet/, "the way is told in its order");
const sheet = await page.request.get(await page.locator("main a[href*='/evidence?']").first().getAttribute("href"));
assert.equal(sheet.headers()["content-type"], "application/pdf");
assert.match((await sheet.body()).subarray(0, 8).toString("latin1"), /^%PDF-1\./, "the evidence is a PDF");
await visit(`${site}/line`, "line");
await page.fill("[name=down]", "100");
await page.fill("[name=up]", "40,5");
await page.click("main button.first");
await page.waitForURL(`**${site}*`);
assert.match(await page.locator("main").innerText(), /100 down and 40\.5 up Mbit\/s/);
await visit(`${client}/edit`, "client-edit");
await visit(`${client}/ledger`, "ledger");
await follow("main a[href^='/ledger/']", "ledger-line");
assert.match(await page.locator("main").innerText(), /Hash before it/, "a line shows its place in the chain");
await visit("/statements", "statements");
await follow("main tbody a[href^='/statements/']", "statement");
const preview = await lookAtMail(await page.locator("iframe").getAttribute("src"), "statement-mail");
assert.match(preview, /prevented/i, "the preview shows the mail");

// What is queued goes out within seconds; the list shows it.
await page.goto("/mails");
for (let tries = 0; tries < 40 && (await page.getByText("delivered").count()) === 0; tries += 1) {
  await page.waitForTimeout(500);
  await page.reload();
}
await look("mails");
const sent = page.locator("main tbody tr", { hasText: "delivered" }).first().locator("a[href^='/mails/']");
await visit(await sent.getAttribute("href"), "mail");
assert.match(await page.locator("main header").innerText(), /delivered/);
await lookAtMail(await page.locator("iframe").getAttribute("src"), "mail-alone");

await page.fill("[name=q]", "a");
await page.press("[name=q]", "Enter");
await page.waitForURL(/\/search\?q=a/);
assert.ok((await page.locator("main a[data-open]").count()) > 3, "a letter finds something");
await look("search");
await visit("/search?q=nothing%20is%20called%20this", "search-nothing");

await visit("/users", "users");
await page.fill("[name=name]", "Kim Osei");
await page.fill("[name=email]", "kim@provider.example");
await page.fill("[name=password]", "short");
await page.locator("main button.first").click();
await page.waitForSelector("[aria-invalid=true]");
await look("users-refused");
await page.fill("[name=password]", "three or four words");
await page.locator("main button.first").click();
await page.waitForURL(/\/users/);
await page.waitForSelector("td:has-text('kim@provider.example')");

for (const path of ["account", "enrol", "reports", "reports/new", "provider", "tasks", "maintenance", "maintenance/new", "clients/new"]) {
  await visit(`/${path}`, path.replace("/", "-"));
}

clearTimeout(watchdog);
await browser.close();
assert.deepEqual(problems, [], `\n${problems.join("\n")}\n`);
