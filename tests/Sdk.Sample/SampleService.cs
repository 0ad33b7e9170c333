using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Live;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Sample;

/// <summary>The smallest service that shows every part of the kit over HTTP.</summary>
public static partial class SampleService
{
    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create("sample", args, options);
        service.Json(SampleJson.Default);
        service.UseCallers("sample");
        service.UseCors();
        service.Limit("few", 2, TimeSpan.FromMinutes(15), LimitBy.Network);
        service.Explain(new ProblemText("tooFewStars", 409, "Too few stars", "The note has fewer than <three> stars.", "Write a better note."));
        service.Explain(new ProblemText("full", 503, "No room", "There is no room.", "Come back later."));
        service.Check("weather", critical: false, (_, _) => Task.FromResult<string?>(null));
        service.Command("greet", async (_, _) =>
        {
            await Console.Out.WriteLineAsync($"Hello {string.Join(' ', service.Arguments)}");
            return 3;
        });
        return service;
    }

    public static void Map(WebApplication app)
    {
        app.MapPost("/api/v1/notes", CreateAsync).OpenToAll("a sample").WithName("createNote")
            .Accepts<Note>("application/json").Produces<Note>(201).Example("""{"text":"Buy milk"}""").Refuses("tooFewStars", "full");
        app.MapGet("/api/v1/notes", List).OpenToAll("a sample").WithName("listNotes").Produces<Note>()
            .Takes("text", "What the note says.").Takes("stars", "How many stars.", "integer");
        app.MapGet("/api/v1/notes/{id:guid}", (Guid id) => Reply.Ok(new Note($"{id}", null), SampleJson.Default.Note)).OpenToAll("a sample").Produces<Note>();
        app.MapPatch("/api/v1/notes/{id:guid}", PatchAsync).OpenToAll("a sample").WithName("changeNote");
        app.MapGet("/api/v1/me", (HttpContext http) => Reply.Ok(new Note(http.Caller().Subject, null), SampleJson.Default.Note)).RequiresCaller().WithName("getMe");
        app.MapGet("/api/v1/secrets", (HttpContext http) => Reply.Ok(new Note(http.Caller().Subject, null), SampleJson.Default.Note)).Requires("sample.secrets:read").WithName("getSecrets");
        app.MapGet("/api/v1/admin", () => Reply.NoContent()).RequiresRole("admin").WithName("getAdmin");
        app.MapGet("/api/v1/whoever", (HttpContext http) => Reply.Ok(new Note(http.CallerOrNull()?.Subject ?? "nobody", null), SampleJson.Default.Note)).OpenToAll("a sample").WithName("getWhoever");
        app.MapGet("/api/v1/few", () => Reply.NoContent()).OpenToAll("a sample").Limited("few").WithName("getFew");
        app.MapGet("/api/v1/broken", IResult () => throw new InvalidOperationException("Host=db;Password=hunter2")).OpenToAll("a sample").WithName("getBroken");
        app.MapGet("/api/v1/full", IResult () => throw new ProblemException(Problem.Unavailable("full", "There is no room.", TimeSpan.FromSeconds(7)))).OpenToAll("a sample").WithName("getFull");
        app.MapGet("/api/v1/count", Count).OpenToAll("a sample").WithName("count");
        app.MapGet("/api/v1/numbers/events", (HttpContext http, int? last, CancellationToken cancellation) => LiveStream.WriteAsync(http, NumbersAsync(http, last, cancellation), cancellation))
            .OpenToAll("a sample").WithName("watchNumbers");
        app.MapGet("/api/v1/endless", async (HttpContext http) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
            return Results.NoContent();
        }).OpenToAll("a sample").WithName("getEndless");
        app.MapGet("/api/v1/old-notes/{id}", (string id) => Reply.Ok(new Note(id, null), SampleJson.Default.Note)).OpenToAll("a sample").WithName("getOldNote")
            .Deprecated(new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31), "/api/v1/notes/{id}");
        app.MapGroup("/api/old").Deprecated(new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31), request => $"/api/v1{request.Path.Value!["/api/old".Length..]}")
            .MapGet("/lines", ListLines).OpenToAll("a sample").ExcludeFromDescription();
        app.MapGet("/page", () => Results.Text("<!doctype html><title>A page</title>", "text/html")).OpenToAll("a sample").WithName("getPage");
    }

    private static async Task<IResult> CreateAsync(HttpRequest request, ILogger<Note> log, CancellationToken cancellation)
    {
        var body = await Body.ReadAsync(request, SampleJson.Default.Note, bytesMax: 4_096, cancellation);
        if (!body.Is(out var note, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var text = findings.Text("/text", note.Text, max: 20);
        if (findings.Any)
        {
            return findings.ToProblem().ToResult();
        }

        Created(log, text, "correct horse battery staple");
        return Reply.Created("/api/v1/notes/1", note with { Text = text }, SampleJson.Default.Note, Versions.ETag(1));
    }

    private static async Task<IResult> PatchAsync(Guid id, HttpRequest request, CancellationToken cancellation)
    {
        if (Versions.RequireMatch(request, 7) is { } stale)
        {
            return stale.ToResult();
        }

        var patch = await MergePatch.ReadAsync(request, new HashSet<string> { "text", "stars" }, cancellation);
        return patch.Is(out var members, out var problem)
            ? Reply.Ok(new Note($"{id} {string.Join(',', members.Select(member => member.Key))}", null), SampleJson.Default.Note, Versions.ETag(8))
            : problem.ToResult();
    }

    private static IResult List(HttpRequest request)
    {
        var query = Query.Of(request);
        var text = query.Text("text", max: 20);
        var stars = query.Number("stars", 0, 5);
        return query.Problem() is { } problem ? problem.ToResult() : Reply.Ok(new Note(text ?? "", stars), SampleJson.Default.Note);
    }

    private static Reply ListLines(HttpContext http)
    {
        Links.Write(http.Response, new Page(50, null, null, null));
        return Reply.NoContent();
    }

    private static Reply Count(Meter meter)
    {
        meter.CreateCounter<long>("sample.notes.counted", description: "Notes that were counted.").Add(1, new KeyValuePair<string, object?>("kind", "plain"));
        return Reply.NoContent();
    }

    /// <summary>Three numbers, then silence until the reader leaves.</summary>
    private static async IAsyncEnumerable<LiveEvent> NumbersAsync(HttpContext http, int? last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        _ = int.TryParse(LiveStream.LastEventId(http.Request), CultureInfo.InvariantCulture, out var seen);
        for (var number = seen + 1; number <= (last ?? 3); number++)
        {
            yield return new LiveEvent($"{number}", "number", $"{{\"value\":{number}}}");
        }

        if (last is null)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestServices.GetRequiredService<TimeProvider>(), cancellation);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Created a note {Text} under {Password}")]
    private static partial void Created(ILogger log, string text, string password);
}
