import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from "node:http";
import {
  createServer as createHttp2,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from "node:http2";
import { createServer, type Socket } from "node:net";
import type { HttpResponse } from "../aws/service.ts";
import type { RawRequest } from "./codec.ts";

/** An open port. */
export interface Listener {
  readonly port: number;
  /** `http://127.0.0.1:<port>`: with a name instead of the address, S3 clients would put the bucket into the host. */
  readonly endpoint: string;
  close(): Promise<void>;
}

export type Handler = (request: RawRequest) => Promise<HttpResponse | "broken">;

/** More than any request of ours; AWS's own largest single put would not fit in memory here. */
const maxBody = 1024 ** 3;

/** Room for a whole PutRecords, so that HTTP/2 clients need not wait for window updates. */
const window = 8 * 1024 ** 2;

/**
 * Serves HTTP/1.1 and HTTP/2 by prior knowledge (what the SDK's Kinesis client speaks) on one loopback port: the first
 * bytes tell which.
 * @param port 0 for any free one.
 * @throws Error with advice when the port is in use.
 */
export async function listen(port: number, handler: Handler): Promise<Listener> {
  const sockets = new Set<Socket>();
  const http1 = createHttp1(
    { keepAliveTimeout: 120_000 },
    (request, response) => void serve(request, response, handler),
  );
  const http2 = createHttp2(
    { settings: { initialWindowSize: window } },
    (request, response) => void serve(request, response, handler),
  );
  http2.on("session", (session: ServerHttp2Session) => session.setLocalWindowSize(window));
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.once("close", () => sockets.delete(socket));
    // A client that goes away is no error of ours.
    socket.on("error", () => socket.destroy());
    socket.once("data", (first: Buffer) => {
      socket.pause();
      const target = first.subarray(0, 3).toString("latin1") === "PRI" ? http2 : http1;
      target.emit("connection", socket);
      socket.unshift(first);
      if (target === http1) socket.resume();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(
              `Port ${port} of 127.0.0.1 is in use; stop what uses it or choose another port (0 takes a free one)`,
            )
          : error,
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return {
    port: address.port,
    endpoint: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function serve(
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
  handler: Handler,
): Promise<void> {
  try {
    const body = await readBody(request);
    const answer = body === undefined ? { status: 413 } : await handler(toRequest(request, body));
    if (answer === "broken") {
      request.socket.destroy();
      return;
    }
    send(response, answer);
  } catch {
    // Only a connection that broke ends here: the handler answers errors of its own.
    request.socket.destroy();
  }
}

function send(response: ServerResponse | Http2ServerResponse, { status, headers, body }: HttpResponse): void {
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  const all = {
    ...headers,
    ...(headers?.["content-length"] === undefined ? { "content-length": String(length) } : {}),
  };
  // The two classes have the same methods, but no common type that can be called.
  if ("createPushResponse" in response) {
    response.writeHead(status, all);
    response.end(body ?? "");
  } else {
    response.writeHead(status, all);
    response.end(body ?? "");
  }
}

async function readBody(request: IncomingMessage | Http2ServerRequest): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxBody) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
}

function toRequest(request: IncomingMessage | Http2ServerRequest, body: Buffer): RawRequest {
  const url = request.url ?? "/";
  const mark = url.indexOf("?");
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return {
    method: request.method ?? "GET",
    rawPath,
    path: decodePath(rawPath),
    query: new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1)),
    headers,
    body,
  };
}

function decodePath(rawPath: string): string {
  try {
    return decodeURIComponent(rawPath);
  } catch {
    return rawPath;
  }
}
