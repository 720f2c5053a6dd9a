// What Sphinx's search lacks: the usual names of things, the module on each result, lessons before the colophon.
// Runs after searchtools.js and before the index; what it knows was written into the page at the build.

const known = JSON.parse(document.getElementById("search-data").textContent);
const plain = (text) => ` ${(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ")} `;
const labelled = (docname, title, anchor) => {
  const word = known.words[anchor.slice(1)];
  const parts = [word !== title && word, title, known.pages[docname]?.[0]];
  return parts.filter((part) => part).join(" · ");
};

/* A result is [page, title, anchor, description, score, file]; Sphinx asks for its score before it sorts. */
Scorer.score = (result) => {
  result[1] = labelled(...result);
  return result[4] + (known.pages[result[0]]?.[1] ?? 0);
};

/* Who asks for a thing by one of its names gets the pages that answer first, the longest name before others.
   Results are kept best last. */
const longest = (names, asked) => Math.max(0, ...names.map(plain).filter((name) => asked.includes(name)).map((name) => name.length));
const byWords = Search._performSearch;
Search._performSearch = (query, ...terms) => {
  const { docnames, filenames, titles } = Search._index;
  const asked = plain(query);
  const titled = docnames.filter((_, at) => plain(titles[at]) === asked);
  const named = known.synonyms.map(({ names, pages }) => ({ pages, size: longest(names, asked) })).filter(({ size }) => size);
  named.sort((one, other) => other.size - one.size);
  const first = [...new Set([...titled, ...named.flatMap(({ pages }) => pages)])];
  const results = first.filter((name) => docnames.includes(name)).map((name) => {
    const at = docnames.indexOf(name);
    return [name, labelled(name, titles[at], ""), "", null, 100, filenames[at]];
  });
  const others = byWords(query, ...terms).filter((found) => found[2] || found[3] || !first.includes(found[0]));
  return [...others, ...results.reverse()];
};
