/** The values of the cookies with this name, as often as they were sent. */
export const cookieValues = (cookies: readonly string[], name: string): readonly string[] =>
  cookies
    .filter((cookie) => cookie.startsWith(`${name}=`))
    .map((cookie) => cookie.slice(name.length + 1));
