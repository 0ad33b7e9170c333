using System.Globalization;
using Todo.Monitor.History;
using Todo.Monitor.Status;

namespace Todo.Monitor.Page;

/// <summary>The public status page, whole, without a script.</summary>
internal static class StatusHtml
{
    public static string Write(Snapshot snapshot, PageText words, string stylesheet)
    {
        var page = new Html();
        page.Raw($"<!doctype html><html lang=\"{words.Language}\" dir=\"ltr\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Raw("<meta name=\"color-scheme\" content=\"light dark\">").Element("title", $"{words.Overall[snapshot.Picture.Overall]} – {words.Title}")
            .Raw($"<link rel=\"stylesheet\" href=\"{stylesheet}\"><link rel=\"icon\" href=\"data:,\"></head><body><a class=\"skip\" href=\"#content\">").Text(words.SkipToContent).Raw("</a>");
        Header(page, snapshot.Picture, words);
        page.Raw("<main id=\"content\" tabindex=\"-1\"><section aria-labelledby=\"services\"><h2 id=\"services\">").Text(words.Services).Raw("</h2>");
        if (snapshot.Picture.Services.Count == 0)
        {
            page.Element("p", words.NeverChecked);
        }
        else
        {
            page.Raw("<p class=\"legend\">").Text(words.Legend).Raw("</p>");
        }

        foreach (var service in snapshot.Picture.Services)
        {
            ServiceCard.Write(page, service, snapshot, words);
        }

        page.Raw("</section>");
        Incidents(page, snapshot.Picture, words);
        page.Raw("</main><footer><p>").Text(words.UtcNote).Raw(" <a href=\"/api/v1/status\">").Text(words.AsData)
            .Raw($"</a> · <a href=\"/?lang={words.OtherLanguage}\" hreflang=\"{words.OtherLanguage}\" lang=\"{words.OtherLanguage}\">").Text(words.OtherLanguageName)
            .Raw("</a></p></footer></body></html>");
        return page.ToString();
    }

    public static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static Html Time(Html page, DateTimeOffset at, string shown) => page.Raw($"<time datetime=\"{StatusReply.Instant(at)}\">").Text(shown).Raw("</time>");

    private static void Header(Html page, StatusPicture picture, PageText words)
    {
        page.Raw("<header><p class=\"name\">").Text(words.Title).Raw($"</p><h1 class=\"overall {picture.Overall}\"><span class=\"mark\" aria-hidden=\"true\">")
            .Text(Mark(picture.Overall)).Raw("</span> ").Text(words.Overall[picture.Overall]).Raw("</h1><p>");
        if (picture.CheckedAt is { } at)
        {
            page.Text(words.CheckedAt + ": ");
            Time(page, at, at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC").Raw(" · ");
        }

        page.Raw($"<a href=\"/?lang={words.Language}\">").Text(words.Refresh).Raw("</a></p></header>");
    }

    private static void Incidents(Html page, StatusPicture picture, PageText words)
    {
        page.Raw("<section aria-labelledby=\"incidents\"><h2 id=\"incidents\">").Text(words.Incidents).Raw("</h2>");
        if (picture.Incidents.Count == 0)
        {
            page.Element("p", words.NoIncidents).Raw("</section>");
            return;
        }

        page.Raw("<div class=\"scroll\" role=\"group\" aria-labelledby=\"incidents\" tabindex=\"0\"><table><thead><tr>");
        foreach (var heading in new[] { words.Service, words.Began, words.Ended, words.Cause })
        {
            page.Raw("<th scope=\"col\">").Text(heading).Raw("</th>");
        }

        page.Raw("</tr></thead><tbody>");
        foreach (var incident in picture.Incidents)
        {
            Incident(page, incident, words);
        }

        page.Raw("</tbody></table></div></section>");
    }

    private static void Incident(Html page, IncidentRow incident, PageText words)
    {
        page.Raw("<tr><th scope=\"row\">").Text(incident.Service).Raw("</th><td>");
        Time(page, incident.StartedAt, Minute(incident.StartedAt)).Raw("</td><td>");
        if (incident.EndedAt is { } ended)
        {
            Time(page, ended, Minute(ended));
        }
        else
        {
            page.Raw("<strong>").Text(words.Ongoing).Raw("</strong>");
        }

        page.Raw("</td><td>").Text(words.Error(incident.Cause)).Raw("</td></tr>");
    }

    /// <summary>A sign beside the colour.</summary>
    public static string Mark(string status) => status switch
    {
        "up" => "✓",
        "down" => "✕",
        "degraded" => "!",
        "idle" => "◐",
        _ => "?",
    };
}
