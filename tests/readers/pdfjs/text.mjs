// The text of a PDF as pdf.js gives it to whoever searches or copies: node text.mjs FILE
import { readFileSync } from "node:fs";

globalThis.DOMMatrix ??= class {}; // is asked for where pages are drawn only
const { getDocument } = await import("pdfjs-dist/legacy/build/pdf.mjs");
const data = new Uint8Array(readFileSync(process.argv[2]));
const pdf = await getDocument({ data, verbosity: 0 }).promise;
for (let number = 1; number <= pdf.numPages; number++) {
  const { items } = await (await pdf.getPage(number)).getTextContent();
  process.stdout.write(items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join("") + "\f");
}
