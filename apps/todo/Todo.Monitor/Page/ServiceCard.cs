using System.Globalization;
using Todo.Monitor.History;
using Todo.Monitor.Status;

namespace Todo.Monitor.Page;

/// <summary>One service: how it is, its figures, its last hour and month as bars, and both again as tables.</summary>
internal static class ServiceCard
{
    public static void Write(Html page, ServicePicture service, Snapshot snapshot, PageText words)
    {
        var status = service.StatusAt(snapshot.Picture.Now);
        page.Raw("<article><h3>").Text(service.Name).Raw($" <span class=\"state {status}\"><span aria-hidden=\"true\">").Text(StatusHtml.Mark(status)).Raw("</span> ")
            .Text(words.Status[status]).Raw("</span></h3>");
        if (service.Error is { } error && status == "down")
        {
            page.Raw("<p class=\"error\">").Text(words.Error(error)).Raw("</p>");
        }

        page.Raw("<dl>");
        Figure(page, words.Uptime24h, words.Percent(service.Day.Percent));
        Figure(page, words.Uptime30d, words.Percent(service.Month.Percent));
        Figure(page, words.Latency, words.Milliseconds(service.LatencyMs));
        page.Raw("</dl>");
        Hour(page, service, snapshot, words);
        Month(page, service, snapshot, words);
        page.Raw("</article>");
    }

    private static void Figure(Html page, string name, string value) => page.Raw("<div>").Element("dt", name).Element("dd", value).Raw("</div>");

    private static void Hour(Html page, ServicePicture service, Snapshot snapshot, PageText words)
    {
        var rows = snapshot.Hour.Where(row => row.Service == service.Name).ToDictionary(row => row.At.UtcDateTime);
        var minutes = Enumerable.Range(0, Snapshot.Minutes).Select(index => snapshot.Until.AddMinutes(index - Snapshot.Minutes)).ToList();
        var statuses = minutes.Select(minute => rows.TryGetValue(minute.UtcDateTime, out var row) ? row.Status : "unknown").ToList();
        page.Element("h4", words.LastHour);
        Bars.Write(page, statuses, string.Format(
            CultureInfo.InvariantCulture, words.HourSummary, Count(statuses, "up"), Count(statuses, "down"), Count(statuses, "idle"), Count(statuses, "unknown")));
        Open(page, service.Name, words.LastHour, words, words.Time, words.StatusHeading, words.Latency, words.ErrorHeading);
        foreach (var minute in minutes.AsEnumerable().Reverse())
        {
            var row = rows.GetValueOrDefault(minute.UtcDateTime);
            page.Raw("<tr><th scope=\"row\">");
            StatusHtml.Time(page, minute, minute.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)).Raw("</th>")
                .Element("td", words.Status[row?.Status ?? "unknown"]).Raw("<td class=\"number\">").Text(words.Milliseconds(row?.LatencyMs)).Raw("</td>")
                .Element("td", words.Error(row?.Error)).Raw("</tr>");
        }

        page.Raw("</tbody></table></div></details>");
    }

    private static void Month(Html page, ServicePicture service, Snapshot snapshot, PageText words)
    {
        var rows = snapshot.Month.Where(row => row.Service == service.Name).ToDictionary(row => row.Day);
        var today = DateOnly.FromDateTime(snapshot.Picture.Now.UtcDateTime);
        var days = Enumerable.Range(0, Snapshot.Days).Select(index => today.AddDays(index - Snapshot.Days + 1)).ToList();
        var statuses = days.Select(day => StatusOf(rows.GetValueOrDefault(day))).ToList();
        page.Element("h4", words.LastMonth);
        Bars.Write(page, statuses, string.Format(
            CultureInfo.InvariantCulture, words.MonthSummary, Count(statuses, "up") + Count(statuses, "idle"), Count(statuses, "part"), Count(statuses, "down"), Count(statuses, "unknown")));
        Open(page, service.Name, words.LastMonth, words, words.Day, words.StatusHeading, words.Available);
        foreach (var day in days.AsEnumerable().Reverse())
        {
            var row = rows.GetValueOrDefault(day);
            var shown = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            page.Raw($"<tr><th scope=\"row\"><time datetime=\"{shown}\">").Text(shown).Raw("</time></th>")
                .Element("td", words.Status[StatusOf(row)]).Raw("<td class=\"number\">").Text(words.Percent(row?.UptimePercent)).Raw("</td></tr>");
        }

        page.Raw("</tbody></table></div></details>");
    }

    private static void Open(Html page, string service, string caption, PageText words, params ReadOnlySpan<string> headings)
    {
        page.Raw("<details><summary>").Text($"{words.AsTable}: {caption}").Raw("</summary><div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"").Text($"{service}, {caption}").Raw("\"><table><caption>").Text($"{service}, {caption}").Raw("</caption><thead><tr>");
        foreach (var heading in headings)
        {
            page.Raw("<th scope=\"col\">").Text(heading).Raw("</th>");
        }

        page.Raw("</tr></thead><tbody>");
    }

    /// <summary>A day is lost when half of it is; a bad minute only marks it.</summary>
    private static string StatusOf(DayRow? row) => row switch
    {
        { UptimePercent: < 50 } => "down",
        { Down: > 0 } => "part",
        { Up: > 0 } => "up",
        { Idle: > 0 } => "idle",
        _ => "unknown",
    };

    private static int Count(List<string> statuses, string status) => statuses.Count(other => other == status);
}
