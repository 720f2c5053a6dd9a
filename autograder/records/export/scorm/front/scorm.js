// The SCORM 1.2 run-time API of a learning platform, found and spoken to; without one, everything is a no.

/** Look for the object named API in the windows around this one, then around the one that opened it. */
function findApi(from) {
  for (let here = from, steps = 0; here && steps < 20; steps++) {
    try {
      if (here.API) return here.API;
    } catch {
      return null; // a window of another origin: no platform's content window
    }
    if (here === here.parent) break;
    here = here.parent;
  }
  return null;
}

class Platform {
  most = 4096; // characters of cmi.suspend_data, SCORM 1.2 run-time environment 3.4.4

  constructor() {
    this.api = findApi(window.parent === window ? null : window.parent) ?? findApi(window.opener);
    this.open = this.api !== null && String(this.api.LMSInitialize("")) === "true";
    this.began = Date.now();
  }

  async start() {} // a SCORM platform answers at once

  get(name) {
    return this.open ? String(this.api.LMSGetValue(name)) : "";
  }

  set(name, value) {
    return this.open && String(this.api.LMSSetValue(name, String(value))) === "true";
  }

  commit() {
    return this.open && String(this.api.LMSCommit("")) === "true";
  }

  finish() {
    if (!this.open) return;
    const seconds = Math.round((Date.now() - this.began) / 1000);
    const two = (number) => String(number).padStart(2, "0");
    this.set("cmi.core.session_time", `${String(Math.min(Math.floor(seconds / 3600), 9999)).padStart(4, "0")}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`);
    this.commit();
    this.api.LMSFinish("");
    this.open = false;
  }
}
