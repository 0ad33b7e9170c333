using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sdk.Problems;
using Todo.Api.Dates;
using Todo.Api.Recurring;

namespace Todo.Api.Todos;

/// <summary>What a todo may be. Every mistake is found at once, each with its place.</summary>
internal static class TodoRules
{
    public const int TitleMax = 500;
    public const int NotesMax = 10_000;
    public const int WordMax = 50;
    public const int TagsMax = 20;
    public const int RemindersMax = 10;
    public const int ReminderMinutesMax = 525_600;

    private static readonly string[] s_times = ["HH:mm", "HH:mm:ss"];
    private static readonly DateOnly s_earliest = new(1900, 1, 1);
    private static readonly DateOnly s_latest = new(2999, 12, 31);

    public static Outcome<TodoContent> Check(TodoBody body)
    {
        var findings = new Findings();
        var content = Check(body, findings);
        return findings.Any ? findings.ToProblem() : content;
    }

    public static TodoContent Check(TodoBody body, Findings findings)
    {
        var due = CheckDue(body.Due, findings);
        return new TodoContent
        {
            Title = findings.Text("/title", body.Title, TitleMax),
            Notes = findings.Text("/notes", body.Notes, NotesMax, required: false),
            Category = findings.OptionalText("/category", body.Category, WordMax),
            Priority = findings.Choice(
                "/priority", body.Priority, Priority.None,
                ("none", Priority.None), ("low", Priority.Low), ("medium", Priority.Medium), ("high", Priority.High)),
            Tags = CheckTags(body.Tags, findings),
            Due = due,
            Recurrence = CheckRecurrence(body.Recurrence, due, body.Due is not null, findings),
            Reminders = CheckReminders(body.Reminders, due, body.Due is not null, findings),
        };
    }

    private static List<string> CheckTags(List<string>? tags, Findings findings)
    {
        var kept = new List<string>();
        if (tags is { Count: > TagsMax })
        {
            findings.Add("/tags", "tooMany", $"A todo has at most {TagsMax} tags.", new JsonObject { ["max"] = TagsMax });
            return kept;
        }

        for (var index = 0; index < (tags?.Count ?? 0); index++)
        {
            var tag = findings.Text($"/tags/{index}", tags![index], WordMax);
            if (!kept.Contains(tag))
            {
                kept.Add(tag);
            }
        }

        return kept;
    }

    private static Due? CheckDue(DueBody? due, Findings findings)
    {
        if (due is null)
        {
            return null;
        }

        if (!DateOnly.TryParseExact(due.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            || date < s_earliest || date > s_latest)
        {
            findings.Add("/due/date", due.Date is null ? "required" : "notADate", "The date is a day from 1900 to 2999 such as 2026-01-05.");
        }

        TimeOnly? time = null;
        if (due.Time is not null)
        {
            if (TimeOnly.TryParseExact(due.Time, s_times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
            {
                time = parsed;
            }
            else
            {
                findings.Add("/due/time", "notATime", "The time is hours and minutes such as 09:30.");
            }
        }

        if (due.TimeZone is not null && !TimeZones.TryFind(due.TimeZone, out _))
        {
            findings.Add("/due/timeZone", "unknownTimeZone", "The time zone is an IANA name such as Europe/Berlin.");
        }

        return new Due(date, time, due.TimeZone);
    }

    private static string? CheckRecurrence(string? text, Due? due, bool dueGiven, Findings findings)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (RecurrenceText.TryRead(text, out var rule) is { } wrong)
        {
            findings.Add("/recurrence", "notARecurrence", wrong);
            return null;
        }

        if (due is null && !dueGiven)
        {
            findings.Add("/recurrence", "needsDue", "A todo that comes back needs a due date to count from.");
        }

        return RecurrenceText.Write(rule);
    }

    private static List<int> CheckReminders(List<ReminderBody>? reminders, Due? due, bool dueGiven, Findings findings)
    {
        if (reminders is null or [])
        {
            return [];
        }

        if (reminders.Count > RemindersMax)
        {
            findings.Add("/reminders", "tooMany", $"A todo has at most {RemindersMax} reminders.", new JsonObject { ["max"] = RemindersMax });
            return [];
        }

        if (due is null && !dueGiven)
        {
            findings.Add("/reminders", "needsDue", "Reminders count back from a due date. Set one first.");
        }

        for (var index = 0; index < reminders.Count; index++)
        {
            if (reminders[index]?.MinutesBefore is not (>= 0 and <= ReminderMinutesMax))
            {
                findings.Add($"/reminders/{index}/minutesBefore", "outOfRange", $"A reminder comes 0 to {ReminderMinutesMax} minutes before.");
            }
        }

        return [.. reminders.Select(reminder => reminder?.MinutesBefore ?? 0).Distinct().Order()];
    }
}
