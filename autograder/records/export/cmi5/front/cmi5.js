// A learning platform that speaks cmi5 (Quartz, 1st edition): launched with an address to speak to, told in xAPI.
// The shell says and asks what it does of SCORM, by SCORM's names; here they become statements and one document.

const VERBS = "http://adlnet.gov/expapi/verbs/";
const CATEGORIES = "https://w3id.org/xapi/cmi5/context/categories/";
const MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore";
const DOCUMENT = "open-by-default"; // our own document beside the platform's LMS.LaunchData

const duration = (milliseconds) => `PT${(Math.max(0, milliseconds) / 1000).toFixed(2)}S`;

class Platform {
  most = 30_000; // characters of progress: a request that outlives its page may carry 64 kB, and quotes are written twice

  constructor() {
    this.asked = Object.fromEntries(new URLSearchParams(location.search));
    this.values = {};
    this.open = false;
    this.began = Date.now();
    this.kept = { location: "", suspend: "", milliseconds: 0, sent: [] };
    this.said = new Set(); // verbs of this session
    this.unsent = [];
    this.heard = true;
    this.saving = Promise.resolve();
  }

  /** Get the token, what the platform decided, and what was kept; then say that the unit has begun. */
  async start() {
    const { endpoint, fetch: once, actor, registration, activityId } = this.asked;
    if (!endpoint || !once || !actor || !registration || !activityId) return;
    try {
      const answer = await fetch(once, { method: "POST" });
      const token = (await answer.json())["auth-token"];
      if (!token) return;
      this.headers = { Authorization: `Basic ${token}`, "X-Experience-API-Version": "1.0.3" };
      this.base = endpoint.endsWith("/") ? endpoint : `${endpoint}/`;
      this.actor = JSON.parse(actor);
      const launch = await this.read("LMS.LaunchData");
      if (!launch) return;
      this.launch = launch;
      // cmi5 11.0: asked for at every start; a platform may have none, or keep it to itself.
      await this.ask(`agents/profile?${new URLSearchParams({ agent: actor, profileId: "cmi5LearnerPreferences" })}`);
      this.kept = { ...this.kept, ...(await this.read(DOCUMENT)) };
    } catch {
      return; // whoever does not answer is no platform
    }
    this.open = true;
    if (Number.isFinite(this.launch.masteryScore)) this.passMark = 100 * this.launch.masteryScore;
    this.returnUrl = this.launch.returnURL;
    this.say("initialized");
    await this.flush();
  }

  get(name) {
    if (!this.open) return "";
    return { "cmi.suspend_data": this.kept.suspend, "cmi.core.lesson_location": this.kept.location }[name] ?? "";
  }

  set(name, value) {
    this.values[name] = value;
    return this.open;
  }

  /** Tell what is new and keep the rest; answers whether the platform took it. */
  async commit() {
    if (!this.open) return false;
    this.judge();
    this.saving = this.saving.then(() => this.save());
    await Promise.all([this.saving, this.flush()]);
    return this.heard;
  }

  /** completed and passed are said once for each registration (cmi5 9.3), and only in the launch mode Normal. */
  judge() {
    const status = this.values["cmi.core.lesson_status"];
    if ((this.launch.launchMode ?? "Normal") !== "Normal" || status === "incomplete") return;
    if (!this.kept.sent.includes("completed")) this.say("completed", { completion: true, duration: this.spent() });
    if (status === "passed" && !this.kept.sent.includes("passed"))
      this.say("passed", { success: true, score: this.score(), duration: this.spent() });
  }

  score() {
    const raw = Number(this.values["cmi.core.score.raw"]);
    return { scaled: raw / 100, raw, min: 0, max: 100 };
  }

  spent() {
    return duration(this.kept.milliseconds + Date.now() - this.began);
  }

  /** Put a statement in the queue; a verb is used once in a session. */
  say(verb, result) {
    if (this.said.has(verb)) return;
    this.said.add(verb);
    if (verb === "completed" || verb === "passed") this.kept.sent.push(verb);
    const judged = result && ("success" in result || "completion" in result);
    const { contextActivities = {}, extensions, ...template } = this.launch.contextTemplate ?? {};
    const added = ["cmi5", ...(judged ? ["moveon"] : [])].map((name) => ({ id: CATEGORIES + name }));
    const mine = added.filter(({ id }) => !(contextActivities.category ?? []).some((one) => one.id === id));
    const scored = judged && "success" in result && Number.isFinite(this.launch.masteryScore);
    this.unsent.push({
      id: crypto.randomUUID(),
      actor: this.actor,
      verb: { id: VERBS + verb, display: { "en-US": verb } },
      object: { objectType: "Activity", id: this.asked.activityId },
      ...(result ? { result } : {}),
      context: {
        ...template,
        registration: this.asked.registration,
        contextActivities: { ...contextActivities, category: [...(contextActivities.category ?? []), ...mine] },
        extensions: { ...extensions, ...(scored ? { [MASTERY]: this.launch.masteryScore } : {}) },
      },
      timestamp: new Date().toISOString(),
    });
  }

  /** Send what is in the queue, in one request; what is not taken goes with the next. */
  async flush() {
    const going = this.unsent.splice(0);
    if (!going.length) return;
    try {
      const answer = await this.ask("statements", { method: "POST", body: JSON.stringify(going) });
      this.heard = answer.ok;
    } catch {
      this.heard = false;
    }
    if (!this.heard) this.unsent.unshift(...going);
  }

  async save() {
    const { values } = this;
    this.kept.location = String(values["cmi.core.lesson_location"] ?? this.kept.location);
    this.kept.suspend = String(values["cmi.suspend_data"] ?? this.kept.suspend);
    try {
      const answer = await this.ask(this.place(DOCUMENT), { method: "PUT", body: JSON.stringify(this.kept) });
      this.heard = answer.ok;
    } catch {
      this.heard = false;
    }
  }

  /** End the session: a module that was gone through and not passed has failed, and nothing follows `terminated`. */
  async finish() {
    if (!this.open) return;
    this.open = false;
    const normal = (this.launch.launchMode ?? "Normal") === "Normal";
    if (normal && this.values["cmi.core.lesson_status"] === "failed" && !this.kept.sent.includes("passed"))
      this.say("failed", { success: false, score: this.score(), duration: this.spent() });
    this.say("terminated", { duration: duration(Date.now() - this.began) });
    this.kept.milliseconds += Date.now() - this.began;
    await Promise.all([this.save(), this.flush()]);
  }

  async leave() {
    await this.finish();
    location.assign(this.returnUrl);
  }

  place(stateId) {
    const { activityId, actor, registration } = this.asked;
    return `activities/state?${new URLSearchParams({ activityId, agent: actor, registration, stateId })}`;
  }

  /** A document of the platform's, or null where there is none. */
  async read(stateId) {
    const answer = await this.ask(this.place(stateId));
    return answer.ok ? answer.json() : null;
  }

  // A request goes on when its page is closed: the last ones are made while the learner leaves.
  ask(path, { method = "GET", body } = {}) {
    const headers = { ...this.headers, ...(body ? { "Content-Type": "application/json" } : {}) };
    return fetch(this.base + path, { method, body, headers, keepalive: method !== "GET" });
  }
}
