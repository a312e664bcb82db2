import { NotImplementedLocally } from "../service.ts";

/** Subject and parts of a message, or of the template it is made from. */
export interface EmailContent {
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
}

/** A value that the template asks for and the data does not have. */
export class MissingVariable extends Error {
  readonly variable: string;
  constructor(variable: string) {
    super(`Attribute '${variable}' is not present in the rendering data.`);
    this.name = "MissingVariable";
    this.variable = variable;
  }
}

const PLACEHOLDER = /\{\{(.*?)\}\}/gs;
const PATH = /^\s*[A-Za-z_][\w-]*(\.[\w-]+)*\s*$/;

/** @throws NotImplementedLocally naming template syntax beyond `{{variable}}` and `{{object.member}}` */
export function checkTemplate(name: string, content: EmailContent): void {
  for (const part of [content.subject, content.text ?? "", content.html ?? ""]) {
    for (const [whole, inner = ""] of part.matchAll(PLACEHOLDER)) {
      if (!PATH.test(inner)) throw new NotImplementedLocally(`SES template syntax ${whole} (template ${name})`);
    }
  }
}

/**
 * Fills a template. Values go in as they are: SES does not escape HTML either.
 * @throws MissingVariable
 */
export function renderTemplate(content: EmailContent, data: unknown): EmailContent {
  const fill = (part: string): string =>
    part.replaceAll(PLACEHOLDER, (_, inner: string) => {
      const path = inner.trim();
      let value = data;
      for (const step of path.split(".")) {
        value = typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined;
      }
      if (value === undefined || value === null) throw new MissingVariable(path);
      return String(value);
    });
  return {
    subject: fill(content.subject),
    ...(content.text === undefined ? {} : { text: fill(content.text) }),
    ...(content.html === undefined ? {} : { html: fill(content.html) }),
  };
}
