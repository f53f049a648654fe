/** Methods by which a client asks for no change (RFC 9110 §9.2.1), without TRACE. */
export const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
