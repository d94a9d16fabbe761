// The landing page as the server sent it (ui/early.py): in the reader's theme, and away when Streamlit's own is painted.
{
  const early = document.getElementById("early");
  const root = () => document.getElementById("root");
  const TAKEN_OVER = ".home .offline"; // the last thing the page writes
  const PICTURES_MS = 500; // longer than this the hand-over waits for no picture

  /** Whether Streamlit will be dark: what was chosen here, else what the machine prefers. */
  const dark = () => {
    const kept = localStorage.getItem(`stActiveTheme-${location.pathname}-v2`) ?? "";
    return kept.includes("Dark") || (!kept.includes("Light") && matchMedia("(prefers-color-scheme: dark)").matches);
  };

  /** Pictures in sight that are ready to be painted, in the page beneath. */
  const pictures = () => [...root().querySelectorAll(".home img")].filter((image) => image.getBoundingClientRect().top < innerHeight);

  /** The same place and the same focus in the page beneath. */
  const leave = () => {
    const scroller = root().querySelector('[data-testid="stMain"]');
    if (scroller) scroller.scrollTop = early.scrollTop;
    const links = (/** @type {Element} */ page) => [...page.querySelectorAll(".home a")];
    const focused = links(early).indexOf(document.activeElement);
    links(root())[focused]?.focus();
    early.remove();
  };

  if (dark()) {
    early.classList.add("dark");
    const home = early.querySelector(".home");
    home.classList.replace("light", "dark");
    for (const image of home.querySelectorAll("img")) image.src = image.getAttribute("src").replace("-light.", "-dark.");
  }

  const address = location.pathname;
  const waiting = new MutationObserver(() => {
    const elsewhere = location.pathname !== address; // a page was chosen from Streamlit's navigation
    if (!elsewhere && !root()?.querySelector(TAKEN_OVER)) return;
    waiting.disconnect();
    const ready = elsewhere ? [] : pictures().map((image) => image.decode().catch(() => null));
    const late = new Promise((done) => setTimeout(done, PICTURES_MS));
    Promise.race([Promise.all(ready), late]).then(() => requestAnimationFrame(leave));
  });
  waiting.observe(document.documentElement, { subtree: true, childList: true });
}
