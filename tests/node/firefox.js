// A learner's way in Firefox. Reads {browser, address, chapter, email, password} from standard input, prints what was seen.
import {readFileSync} from 'node:fs';
import puppeteer from 'puppeteer-core';

const {browser: executablePath, address, chapter, email, password} = JSON.parse(readFileSync(0, 'utf8'));
const browser = await puppeteer.launch({
  browser: 'firefox', executablePath, headless: true, extraPrefsFirefox: {'media.autoplay.default': 0},
});
try {
  const page = await browser.newPage();
  await page.setViewport({width: 390, height: 800});
  const faults = [];
  page.on('pageerror', error => faults.push(String(error)));
  const submit = async selector => Promise.all([page.waitForNavigation(), page.click(selector)]);

  await page.goto(`${address}/fr/${chapter}`);
  const heading = await page.$eval('h1', element => element.textContent.trim());
  await page.goto(`${address}/fr/sign-in`);
  await page.type('[name=email]', email);
  await page.type('[name=password]', password);
  await submit('main form button[type=submit]');

  await page.goto(`${address}/fr/${chapter}quiz`);
  await submit('main form button[type=submit]');
  const question = await page.waitForSelector('[data-question][data-kind=one]');
  const name = await question.evaluate(element => element.dataset.question);
  const option = await question.$eval('[name=option]', element => { element.click(); return element.value; });
  const saved = await (await question.waitForSelector('.save-stored')).evaluate(element => element.textContent.trim());

  await page.goto(`${address}/de/${chapter}quiz`);
  const kept = await page.$eval(`[data-question="${name}"] [value="${option}"]`, element => element.checked);

  await page.goto(`${address}/fr/${chapter}`);
  await page.$eval('.film', element => element.scrollIntoView());
  await page.waitForSelector('.film[data-ready]');
  await page.$eval('video', async video => { video.muted = true; await video.play(); });
  await page.waitForFunction(() => document.querySelector('video').currentTime > 2);
  await page.$eval('video', video => video.pause());
  await page.waitForSelector('.watched-part');
  const captions = await page.$eval('video', video => video.textTracks[0].language);
  console.log(JSON.stringify({heading, question: name, option, saved, kept, captions, faults}));
} finally {
  await browser.close();
}
