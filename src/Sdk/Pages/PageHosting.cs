using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Slipway.Sdk.Pages;

/// <summary>Serves a built site beside a service's endpoints.</summary>
public static partial class PageHosting
{
    /// <summary>
    /// Reads the site from <paramref name="folder"/> (relative to the program) and answers its files and pages. Endpoints go first: an
    /// address they know is never answered with a page, whatever the method.
    /// </summary>
    public static void MapPages(this WebApplication app, string folder, PagesOptions? options = null)
    {
        options ??= new PagesOptions();
        var place = Path.Combine(AppContext.BaseDirectory, folder);
        var site = PageSite.Load(place, options.BytesMax);
        if (site.Index is null)
        {
            var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Slipway.Sdk.Pages");
            NotBuilt(logger, place);
        }

        var answers = new PageAnswers(site, new PageRoutes(options.Routes, options.Reserved), new PageSecurity(options));
        app.Use(async (http, next) =>
        {
            if (!await answers.TryAnswerAsync(http))
            {
                await next(http);
            }
        });
    }

    [LoggerMessage(EventId = 4301, Level = LogLevel.Warning, Message =
        "There are no pages in {Folder}; only the service's endpoints answer. Build the project again with Node and npm installed.")]
    private static partial void NotBuilt(ILogger logger, string folder);
}
