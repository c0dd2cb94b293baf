// What Python packs: texts that are gzipped, and modules among them.

/** @import { Bytes } from "./types.js" */

/** @param {Bytes} bytes */
export async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

/**
 * @param {Bytes | undefined} bytes
 * @returns {Promise<any>}
 */
export const unpackedJson = async (bytes) => (bytes?.byteLength ? JSON.parse(await unpacked(bytes)) : null);

/**
 * Import a text as a module.
 * @param {string} source
 */
export async function imported(source) {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
