using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Slipway.TodoApi.Tests.Safety;

/// <summary>Bodies made by somebody who wants the service to stumble: broken ones, wrong ones, and right ones with one poisoned value.</summary>
internal static class HostileBodies
{
    private static readonly string[] s_poison =
    [
        "null", "true", "-1", "0", "1e400", "99999999999999999999", "1.5", "\"\"", "\" \"", "[]", "{}", "[null]", "[[]]", "[{}]", "\"\\u0000\"", "\"\\ud800\"",
        "\"a\\ud800b\"", "\"\\u202e\\u200b\"", "\"'; drop table todos; --\"", "\"%00\"", "\"../../etc/passwd\"", "\"${jndi:ldap://x}\"", "\"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\"",
        "\"FREQ=DAILY;INTERVAL=1000;COUNT=10000\"", "\"9999-12-31\"", "\"0001-01-01\"", "\"2026-02-30\"", "\"24:00\"", "\"00000000-0000-0000-0000-000000000000\"",
        "\"01234567-89ab-cdef-0123-456789abcdef\"", "{\"date\":\"2026-03-29\",\"time\":\"02:30\",\"timeZone\":\"Europe/Berlin\"}", "{\"date\":null}", "{\"date\":\"\\ud800\"}",
        "{\"minutesBefore\":2147483648}", "[{\"minutesBefore\":-2147483648}]", "[\"\\ud800\"]", "[1,\"a\",null]", "\"" + new string('x', 600) + "\"",
        "\"" + new string('é', 12_000) + "\"", "[" + string.Join(',', Enumerable.Repeat("\"t\"", 200)) + "]", string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40)),
    ];

    private static readonly string[] s_names =
    [
        "title", "notes", "category", "priority", "tags", "due", "recurrence", "reminders", "id", "listId", "parentId", "beforeId", "afterId", "text", "timeZone", "language",
        "dryRun", "name", "color", "email", "role", "atomic", "operations", "op", "version", "body", "description", "dueDate", "completed", "todos", "__proto__", "", "\\u0000",
    ];

    public static Gen<byte[]> All { get; } = Gen.Frequency(
        (2, Garbage()),
        (5, Objects().Select(Encoding.UTF8.GetBytes)),
        (2, Objects().SelectMany(Torn)),
        (1, Files().Select(Encoding.UTF8.GetBytes)));

    private static Gen<byte[]> Garbage() => Gen.Choose(0, 255).Select(value => (byte)value).Few(60);

    private static Gen<string> Objects() =>
        from good in Gen.Elements(true, false)
        from members in Member().Few(5)
        let all = good ? members.Prepend("\"title\":\"t\"") : members
        select "{" + string.Join(',', all) + "}";

    private static Gen<string> Member() =>
        from name in Gen.Elements(s_names)
        from value in Gen.Frequency((6, Gen.Elements(s_poison)), (1, Operations()))
        select $"\"{name}\":{value}";

    private static Gen<string> Operations() =>
        from op in Gen.Elements("create", "update", "complete", "reopen", "delete", "move", "restore", "x")
        from id in Gen.Elements(s_poison)
        from inner in Gen.Elements(s_names)
        from value in Gen.Elements(s_poison)
        select $$"""[{"op":"{{op}}","id":{{id}},"body":{"title":"t","{{inner}}":{{value}}} }]""";

    private static Gen<byte[]> Torn(string text) =>
        from at in Gen.Choose(0, text.Length)
        select Encoding.UTF8.GetBytes(text)[..Math.Min(at, Encoding.UTF8.GetByteCount(text))];

    private static Gen<string> Files() =>
        from lines in Gen.Elements(
            "title,notes,priority,tags,dueDate,dueTime,timeZone,recurrence,reminders,completed,completedAt,createdAt", "a,b,high,c;d,2030-01-01,09:00,UTC,FREQ=DAILY,5,true,,", "\"", "\"a\"b",
            "a\0b,,,,,,,,,,,", "=1+1,,,,9999-12-31,23:59,Pacific/Apia,FREQ=YEARLY,525600,1,9999-12-31T23:59:59Z,0001-01-01T00:00:00Z", "BEGIN:VCALENDAR", "BEGIN:VTODO", "SUMMARY:x",
            "DUE:99991231T235959Z", "DUE;TZID=Pacific/Apia:00010101T000000", "RRULE:FREQ=DAILY;COUNT=0", "TRIGGER:-P9999DT99999H9999999M", "BEGIN:VALARM", "END:VALARM", "END:VTODO", "END:VCALENDAR", " folded", "\\",
            "COMPLETED:99991231T235959Z").Few(20)
        from end in Gen.Elements("\r\n", "\n", "\r")
        select string.Join(end, lines);

    public static Gen<T[]> Few<T>(this Gen<T> gen, int max) => Gen.Choose(0, max).SelectMany(count => gen.ArrayOf(count));
}
