// SPDX-License-Identifier: Apache-2.0
// Just enough Markdown for the pages of docs/causes: headings, paragraphs, lists, code, links' text. Gives
// blocks, never HTML, so that nothing in a page can become a tag.

export interface Span {
  code: boolean;
  text: string;
}

export interface Block {
  kind: "h1" | "h2" | "p" | "ul";
  lines: Span[][];
}

export function spans(text: string): Span[] {
  const plain = text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/\*\*([^*]+)\*\*/g, "$1");
  return plain
    .split("`")
    .map((piece, i) => ({ code: i % 2 === 1, text: piece }))
    .filter((span) => span.text !== "");
}

export function blocks(markdown: string): Block[] {
  const out: Block[] = [];
  let open: { kind: Block["kind"]; texts: string[] } | null = null;
  const close = (): void => {
    if (open) out.push({ kind: open.kind, lines: open.texts.map(spans) });
    open = null;
  };
  for (const line of markdown.split("\n")) {
    const heading = /^(#+)\s+(.*)$/.exec(line);
    const item = /^[-*]\s+(.*)$/.exec(line);
    if (heading) {
      close();
      out.push({ kind: heading[1] === "#" ? "h1" : "h2", lines: [spans(heading[2] ?? "")] });
    } else if (line.trim() === "") {
      close();
    } else if (item) {
      if (open?.kind !== "ul") close();
      open ??= { kind: "ul", texts: [] };
      open.texts.push(item[1] ?? "");
    } else if (open) {
      open.texts.push((open.texts.pop() ?? "") + " " + line.trim());
    } else {
      open = { kind: "p", texts: [line.trim()] };
    }
  }
  close();
  return out;
}
