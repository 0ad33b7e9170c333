using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Insights.Wire;
using Todo.Language;

namespace Todo.Insights.Endpoints;

/// <summary><c>POST /api/v1/parse</c>: what a quickly typed line means, without making a todo of it.</summary>
internal static class ParseLine
{
    private const long BytesMax = 65_536;

    public static void Map(WebApplication app) =>
        app.MapPost("/api/v1/parse", HandleAsync).Requires(InsightsService.Scope).WithName("parseLine").WithTags("insights")
            .WithSummary("Reads a quickly typed line without making a todo of it.")
            .Accepts<ParseRequest>("application/json")
            .Produces<ParsedLine>(200);

    private static async Task<IResult> HandleAsync(HttpRequest request, TimeProvider time, CancellationToken cancellation)
    {
        if (Query.Of(request).Problem() is { } stray)
        {
            return stray.ToResult();
        }

        var body = await Body.ReadAsync(request, InsightsJson.Default.ParseRequest, BytesMax, cancellation);
        if (!body.Is(out var asked, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var moment = Moment.Read(findings, asked.TimeZone, asked.Now, asked.Language, time.GetUtcNow());
        findings.Text("/text", asked.Text, QuickAdd.TextMax);

        // The text is parsed as it was sent, so that the spans fit what the sender has before them.
        return findings.Any
            ? findings.ToProblem().ToResult()
            : Reply.Ok(ParsedLine.Of(QuickAdd.Parse(asked.Text!, moment.Now, moment.TimeZone, moment.Language ?? "")), InsightsJson.Default.ParsedLine);
    }
}
