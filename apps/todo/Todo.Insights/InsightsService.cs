using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Service;
using Todo.Insights.Endpoints;
using Todo.Insights.Providers;
using Todo.Insights.Wire;

namespace Todo.Insights;

/// <summary>The function that says what todos are about. It keeps nothing: the answer depends on the request alone.</summary>
public static class InsightsService
{
    public const string Name = "todo-insights";
    public const string Scope = "todo.insights:read";

    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create(Name, args, options);
        service.Json(InsightsJson.Default);
        service.Explain(new ProblemText(
            "busy", 503, "Temporarily unavailable", "More texts wait to be looked at than this instance takes on.", "Repeat the call after Retry-After; what is asked for does not change."));
        service.UseCallers("todo");
        service.UseCors();
        service.Services.AddSingleton(InsightsSettings.Read(service.Settings));
        service.Services.AddSingleton<WorkPlaces>();
        service.Services.AddSingleton<ProviderCall>();
        service.Services.AddSingleton<InsightsWork>();
        return service;
    }

    public static void Map(WebApplication app)
    {
        AnalyseTodos.Map(app);
        ParseLine.Map(app);
    }
}
