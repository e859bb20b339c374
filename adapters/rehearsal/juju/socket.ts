/**
 * The agent's socket, and the folder of hook tools. The tools are real programs that talk to this process: one script with many names.
 *
 * @module
 */
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { TOOLS } from './arguments.ts';
import { TOOL_SCRIPT } from './tool-script.ts';

/** What a tool sends to the agent. */
export interface Request {
  readonly contextId: string;
  readonly tool: string;
  readonly args: ReadonlyArray<string>;
  /** Standard input or a file. Bytes if it is not valid text. */
  readonly stdin: string | Uint8Array | undefined;
}

/** The reply: an exit code with standard output, or with standard error if the code is not 0. Null means that no reply ever comes. */
export type Answer = { readonly code: number; readonly text: string } | null;

/** The running socket. */
export interface AgentSocket {
  /** For `JUJU_AGENT_SOCKET_ADDRESS`. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A file's content: text if it is UTF-8, or else bytes. */
const textOrBytes = (content: Uint8Array): string | Uint8Array => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return content;
  }
};

/** Parses a request once it is complete. Each field ends in NUL, and the fourth says how many arguments follow. */
const requestIn = (bytes: Uint8Array): Request | null => {
  const fields = decode(bytes).split('\0');
  const [contextId = '', tool = '', input = '', count = ''] = fields;
  if (fields.length < 5 || fields.length < 5 + Number(count)) return null;
  let stdin: Request['stdin'];
  if (input !== '') {
    stdin = textOrBytes(readFileSync(input));
    rmSync(input);
  }
  return { contextId, tool, args: fields.slice(4, 4 + Number(count)), stdin };
};

const serve = (socket: Socket, answer: (request: Request) => Answer): void => {
  let bytes: Uint8Array = new Uint8Array();
  let isAsked = false;
  // The tool may have been killed meanwhile.
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Uint8Array) => {
    bytes = Buffer.concat([bytes, chunk]);
    const request = isAsked ? null : requestIn(bytes);
    if (request === null) return;
    isAsked = true;
    const reply = answer(request);
    if (reply !== null) socket.end(`${reply.code}\n${reply.text}`);
  });
};

/** Opens a local socket that answers tools. */
export const openSocket = (answer: (request: Request) => Answer): Promise<AgentSocket> =>
  new Promise((resolve, reject) => {
    const open = new Set<Socket>();
    const server: Server = createServer((socket) => {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      serve(socket, answer);
    });
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      resolve({
        address: `127.0.0.1:${port}`,
        close: () =>
          new Promise((done) => {
            for (const socket of open) socket.destroy();
            server.close(() => done());
          }),
      });
    });
  });

/** Makes the folder of hook tools: the script, and a link to it for each tool. */
export const makeTools = (folder: string, without: ReadonlyArray<string> = []): void => {
  mkdirSync(folder, { recursive: true });
  const script = join(folder, 'jujuc');
  writeFileSync(script, TOOL_SCRIPT);
  chmodSync(script, 0o755);
  for (const tool of TOOLS) if (!without.includes(tool)) symlinkSync('jujuc', join(folder, tool));
};
