"use strict";

const main = document.getElementById("operations");
const find = document.getElementById("find");

function element(name, text, ...children) {
  const node = document.createElement(name);
  if (text !== null) node.textContent = text;
  node.append(...children);
  return node;
}

/** An example value of a schema; recursion ends after a few levels. */
function example(schema, components, depth = 0) {
  if (!schema || depth > 4) return null;
  if (schema.$ref) return example(components[schema.$ref.split("/").pop()], components, depth + 1);
  if (schema.enum) return schema.enum[0];
  if (schema.oneOf) return example(schema.oneOf[0], components, depth);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case "object": return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, member]) => [name, example(member, components, depth + 1)]));
    case "array": return [example(schema.items, components, depth + 1)].filter(item => item !== null);
    case "integer": case "number": return 0;
    case "boolean": return true;
    case "string": return { uuid: "0198f2c4-7d10-7a55-9c1e-2b6f0a9d4e11", "date-time": "2026-01-15T09:30:00.000Z", date: "2026-01-15" }[schema.format] ?? "text";
    default: return null;
  }
}

function body(title, content, components) {
  return Object.entries(content ?? {}).flatMap(([type, media]) => {
    const parts = [element("h3", `${title} (${type})`)];
    if (media.example ?? media.schema) parts.push(element("pre", JSON.stringify(media.example ?? example(media.schema, components), null, 2)));
    return parts;
  });
}

function parameters(list) {
  const rows = list.map(parameter => element("tr", null,
    element("td", null, element("code", parameter.name)), element("td", parameter.in),
    element("td", (parameter.required ? "required; " : "") + (parameter.schema?.format ?? parameter.schema?.type ?? "")), element("td", parameter.description ?? "")));
  const head = element("tr", null, ...["Name", "In", "Kind", "Meaning"].map(title => {
    const cell = element("th", title);
    cell.scope = "col";
    return cell;
  }));
  return [element("h3", "Parameters"), element("table", null, element("thead", null, head), element("tbody", null, ...rows))];
}

function operation(path, method, described, components) {
  const inside = element("div", null);
  if (described.description) inside.append(element("p", described.description));
  if (described.security) inside.append(element("p", `Needs a caller${described.security[0].bearer.length ? " with " + described.security[0].bearer.join(", ") : ""}.`));
  if (described.parameters) inside.append(...parameters(described.parameters));
  inside.append(...body("Body", described.requestBody?.content, components));
  for (const [status, response] of Object.entries(described.responses)) {
    if (status < "400") inside.append(element("h3", `${status}: ${response.description}`), ...body("Answer", response.content, components));
  }
  const problems = Object.keys(described.responses).filter(status => status >= "400");
  inside.append(element("p", `Problems: ${problems.join(", ")}.`));
  const method_ = element("span", method.toUpperCase());
  method_.className = "method";
  const details = element("details", null, element("summary", null, method_, element("code", path), ` ${described.summary ?? described.operationId}`), inside);
  details.id = described.operationId;
  details.dataset.words = `${method} ${path} ${described.operationId} ${described.summary ?? ""}`.toLowerCase();
  return details;
}

function show(api) {
  document.title = document.getElementById("title").textContent = `${api.info.title} ${api.info.version}`;
  const groups = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, described] of Object.entries(methods)) {
      const tag = described.tags[0];
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(operation(path, method, described, api.components.schemas));
    }
  }
  main.replaceChildren(...[...groups].sort().map(([tag, operations]) => element("section", null, element("h2", tag), ...operations)));
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.setAttribute("open", "");
}

find.addEventListener("input", () => {
  const words = find.value.toLowerCase().split(/\s+/);
  for (const details of main.querySelectorAll("details")) {
    details.hidden = !words.every(word => details.dataset.words.includes(word));
  }
  for (const section of main.querySelectorAll("section")) {
    section.hidden = !section.querySelector("details:not([hidden])");
  }
});

fetch("/openapi/v1.json")
  .then(answer => answer.ok ? answer.json() : Promise.reject(new Error(`status ${answer.status}`)))
  .then(show)
  .catch(error => main.replaceChildren(element("p", `The document cannot be shown: ${error.message}. Reload to try again.`)));
