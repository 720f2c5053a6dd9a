// Runs before the first paint, so that a chosen theme does not flash.
try {
  const mode = localStorage.getItem("mode");
  if (mode === "light" || mode === "dark") document.documentElement.dataset.theme = mode;
} catch { /* storage may be forbidden: the system's theme is used */ }
document.documentElement.classList.add("js");
