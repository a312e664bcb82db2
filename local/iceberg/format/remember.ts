/**
 * A function that keeps what it has made of its last texts, for what is read from text again and again (schemas of files,
 * transforms, types).
 * @param most texts kept; all are forgotten when there are more.
 */
export function remembered<T>(make: (text: string) => T, most = 64): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    if (made.size >= most) made.clear();
    const fresh = make(text);
    made.set(text, fresh);
    return fresh;
  };
}
