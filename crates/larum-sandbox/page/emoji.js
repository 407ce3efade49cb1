// The emoji that alerting messages use, by Slack's shortcodes.

const SIGNS = new Map(Object.entries({
  "+1": "👍", "-1": "👎", alarm_clock: "⏰", arrow_down: "⬇️", arrow_right: "➡️", arrow_up: "⬆️",
  arrows_counterclockwise: "🔄", ballot_box_with_check: "☑️", bar_chart: "📊", bell: "🔔", black_circle: "⚫",
  blue_book: "📘", book: "📖", boom: "💥", bug: "🐛", bulb: "💡", calendar: "📆", chart_with_downwards_trend: "📉",
  chart_with_upwards_trend: "📈", checkered_flag: "🏁", clipboard: "📋", cloud: "☁️", construction: "🚧",
  credit_card: "💳", eyes: "👀", exclamation: "❗", fire: "🔥", fire_engine: "🚒", gear: "⚙️", ghost: "👻",
  grey_exclamation: "❕", grey_question: "❔", hammer_and_wrench: "🛠️", heart: "❤️", heartbeat: "💓",
  heavy_check_mark: "✔️", heavy_multiplication_x: "✖️", hourglass: "⌛", hourglass_flowing_sand: "⏳",
  information_source: "ℹ️", key: "🔑", large_blue_circle: "🔵", large_green_circle: "🟢", large_orange_circle: "🟠",
  large_purple_circle: "🟣", large_yellow_circle: "🟡", link: "🔗", lock: "🔒", loudspeaker: "📢", mag: "🔍",
  mega: "📣", memo: "📝", mute: "🔇", no_bell: "🔕", no_entry: "⛔", no_entry_sign: "🚫", octagonal_sign: "🛑",
  ok: "🆗", ok_hand: "👌", owl: "🦉", package: "📦", pager: "📟", ping_pong: "🏓", pushpin: "📌", question: "❓",
  red_circle: "🔴", repeat: "🔁", robot_face: "🤖", rocket: "🚀", rotating_light: "🚨", satellite: "🛰️",
  shrug: "🤷", skull: "💀", skull_and_crossbones: "☠️", slack: "#️⃣", smile: "😄", snail: "🐌", sos: "🆘", sparkles: "✨",
  speech_balloon: "💬", star: "⭐", stopwatch: "⏱️", tada: "🎉", test_tube: "🧪", thumbsdown: "👎", thumbsup: "👍",
  timer_clock: "⏲️", traffic_light: "🚥", triangular_flag_on_post: "🚩", unlock: "🔓", warning: "⚠️", wave: "👋",
  white_check_mark: "✅", white_circle: "⚪", wrench: "🔧", x: "❌", zap: "⚡", zzz: "💤",
}));

/** The sign of a shortcode, without its colons. */
export function emoji(name) {
  return SIGNS.get(name);
}
