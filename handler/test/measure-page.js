/* Runs in the browser, in a page that has the measured one in a frame. */

/** What a person would see of the page at this width: each figure with its texts, and whatever lies where it should not. */
function measurePage(frame, width) {
  frame.style.width = `${width}px`;
  const page = frame.contentDocument;
  for (const folded of page.querySelectorAll('details')) folded.open = true;
  const root = page.documentElement;
  return {
    width,
    overflow: root.scrollWidth - root.clientWidth,
    loaded: frame.contentWindow.performance.getEntriesByType('resource').map(({ name }) => name),
    figures: [...page.querySelectorAll('figure')].map(measureFigure),
  };
}

/** Lines, and filled shapes of a series: a limit is a shape of a series without a fill. */
const drawn = 'g > path, path[ecmeta_series_index]:not([fill="none"])';

function measureFigure(figure) {
  const svg = figure.querySelector('svg');
  const picture = svg.getBoundingClientRect();
  const rest = [...figure.querySelectorAll('figcaption, table, td, th, summary, i')];
  const texts = [...svg.querySelectorAll('text')];
  return {
    title: figure.querySelector('figcaption').firstChild.textContent.trim(),
    width: picture.width,
    height: picture.height,
    names: [...figure.querySelectorAll('td:first-child')].map((cell) => cell.textContent),
    marks: [...svg.querySelectorAll(drawn)].filter(isDrawn).length,
    outside: [
      ...[...svg.querySelectorAll(':is(path, text):not(defs *)')].filter(
        (mark) => !isWithin(mark, picture),
      ),
      ...[svg, ...rest].filter((part) => !isWithin(part, figure.getBoundingClientRect())),
      ...rest.filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0),
    ].map((part) => part.outerHTML.slice(0, 200)),
    overlapping: texts.flatMap((text, index) =>
      texts.slice(index + 1).flatMap((other) => {
        return doOverlap(text, other) ? [`${text.textContent} / ${other.textContent}`] : [];
      }),
    ),
  };
}

function isDrawn(mark) {
  const { fill, stroke, visibility } = getComputedStyle(mark);
  const isColored = stroke !== 'none' || fill !== 'none';
  return mark.getTotalLength() > 0 && isColored && visibility === 'visible';
}

function isWithin(part, box) {
  const { left, right, top, bottom } = part.getBoundingClientRect();
  const isRoomy = left >= box.left - 1 && right <= box.right + 1;
  return isRoomy && top >= box.top - 1 && bottom <= box.bottom + 1;
}

function doOverlap(one, other) {
  const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
  // A line's box is taller than its letters.
  const isSameRow = a.top < b.bottom - 3 && b.top < a.bottom - 3;
  return isSameRow && a.left < b.right && b.left < a.right;
}
