/**
 * What core/x509 may use of the Web platform, and nothing more: WebCrypto, base64, text and URLs. Only tsconfig.x509.json uses it, besides
 * ECMAScript's own types, so that anything else (a file, a timer, the network) does not type-check there. The library's types then lack
 * names such as `BufferSource`; `skipLibCheck` allows that, and the other projects check them in full.
 */
declare function atob(data: string): string;
declare function btoa(data: string): string;

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label: string, options: { readonly fatal: boolean; readonly ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

declare class URL {
  constructor(url: string);
  readonly hostname: string;
}

interface CryptoKey {
  readonly type: 'public' | 'private' | 'secret';
  readonly algorithm: { readonly name: string };
}

interface JsonWebKey {
  readonly kty?: string;
  readonly crv?: string;
  readonly n?: string;
  readonly e?: string;
  readonly x?: string;
  readonly y?: string;
}

declare const crypto: {
  readonly subtle: {
    importKey(
      format: 'spki' | 'pkcs8',
      key: Uint8Array<ArrayBuffer>,
      algorithm: { readonly name: string },
      extractable: boolean,
      usages: ReadonlyArray<'sign' | 'verify'>,
    ): Promise<CryptoKey>;
    importKey(
      format: 'jwk',
      key: JsonWebKey,
      algorithm: { readonly name: string },
      extractable: boolean,
      usages: ReadonlyArray<'sign' | 'verify'>,
    ): Promise<CryptoKey>;
    exportKey(format: 'spki' | 'pkcs8', key: CryptoKey): Promise<ArrayBuffer>;
    exportKey(format: 'jwk', key: CryptoKey): Promise<JsonWebKey>;
    generateKey(
      algorithm: { readonly name: string },
      extractable: boolean,
      usages: ReadonlyArray<'sign' | 'verify'>,
    ): Promise<CryptoKey | { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey }>;
    sign(algorithm: { readonly name: string }, key: CryptoKey, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
    verify(
      algorithm: { readonly name: string },
      key: CryptoKey,
      signature: ArrayBuffer | Uint8Array<ArrayBuffer>,
      data: Uint8Array<ArrayBuffer>,
    ): Promise<boolean>;
  };
};
