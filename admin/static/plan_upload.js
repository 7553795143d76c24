// The document of a plan: a table that was copied in Word or Excel is sent at once, as a chosen file is (app.js).
"use strict";

const upload = document.getElementById("upload");
const chosen = upload.querySelector("[data-sends]");

upload.addEventListener("submit", () => {
  const line = document.getElementById("reading");
  line.textContent = line.dataset.words;
});

// Word's clipboard holds the table as a page of HTML, with its merged cells and list numbers; as text it would lose them.
upload.querySelector("textarea").addEventListener("paste", (event) => {
  const page = event.clipboardData.getData("text/html");
  if (!/<table[\s>]/i.test(page)) return;
  event.preventDefault();
  const files = new DataTransfer();
  files.items.add(new File(["\ufeff", page], upload.dataset.pasted, { type: "text/html" }));
  chosen.files = files.files;
  upload.requestSubmit();
});
