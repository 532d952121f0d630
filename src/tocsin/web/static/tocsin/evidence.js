// A screenshot that is pasted or dropped anywhere on an incident's page goes into the form for evidence, to be sent from there.
"use strict";
(() => {
  const form = document.getElementById("attach");
  if (!form) return;
  const input = document.getElementById("attach-picture"), preview = document.getElementById("attach-preview");
  const picture = (files) => [...(files ?? [])].find((file) => file.type.startsWith("image/"));

  const show = () => {
    const file = input.files[0], megabytes = (file?.size ?? 0) / 2 ** 20;
    input.setCustomValidity(megabytes > 5 ? `This has ${megabytes.toFixed(1)} MB; 5 MB at most. Cut out what matters.` : "");
    preview.hidden = !file;
    if (!file) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => { preview.src = reader.result; });
    reader.readAsDataURL(file);
  };
  const take = (file) => {
    const carried = new DataTransfer();
    carried.items.add(file);
    input.files = carried.files;
    document.getElementById("attach-screenshot").checked = true;
    document.getElementById("attach-fold").open = true;
    show();
    document.getElementById("attach-caption").focus();
  };
  input.addEventListener("change", show);

  // What was copied from a table or a page brings a picture beside its words: there the words are meant.
  document.addEventListener("paste", (event) => {
    const file = picture(event.clipboardData?.files);
    if (!file || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    take(file);
  });

  // Any file that is let go over the page would replace the page.
  const isFile = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => { if (isFile(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    const file = picture(event.dataTransfer.files);
    if (file) take(file);
  });
})();
