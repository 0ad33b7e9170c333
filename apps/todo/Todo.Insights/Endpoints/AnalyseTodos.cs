using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Todo.Insights.Wire;

namespace Todo.Insights.Endpoints;

/// <summary><c>POST /insights</c>, and the same under <c>/api/v1</c>.</summary>
internal static class AnalyseTodos
{
    /// <summary>Two hundred thousand characters in the longest form JSON has for them, and their frame, would be more; real text is not.</summary>
    private const long BytesMax = 1_048_576;

    public static void Map(WebApplication app)
    {
        Describe(app.MapPost("/insights", HandleAsync)).WithName("analyseTodosAsDocumented");
        Describe(app.MapPost("/api/v1/insights", HandleAsync)).WithName("analyseTodos");
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint
        .Requires(InsightsService.Scope)
        .WithTags("insights")
        .WithSummary("Says what todos are about, how they press, and on which words that rests.")
        .Accepts<InsightsRequest>("application/json")
        .Produces<InsightsReply>(200);

    private static async Task<IResult> HandleAsync(HttpRequest request, InsightsWork work, InsightsSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        if (Query.Of(request).Problem() is { } stray)
        {
            return stray.ToResult();
        }

        var body = await Body.ReadAsync(request, InsightsJson.Default.InsightsRequest, BytesMax, cancellation);
        if (!body.Is(out var asked, out var problem))
        {
            return problem.ToResult();
        }

        return RequestReading.Read(asked, time.GetUtcNow(), settings.MinutesPerDay).Is(out var input, out var wrong)
            ? Reply.Ok(await work.RunAsync(input, cancellation), InsightsJson.Default.InsightsReply)
            : wrong.ToResult();
    }
}
