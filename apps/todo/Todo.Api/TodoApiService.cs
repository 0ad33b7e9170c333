using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Database;
using Slipway.Sdk.Service;
using Todo.Api.Baseline;
using Todo.Api.Changes;
using Todo.Api.Endpoints;
using Todo.Api.Endpoints.Changes;
using Todo.Api.Endpoints.Documented;
using Todo.Api.Endpoints.Lists;
using Todo.Api.Endpoints.Sharing;
using Todo.Api.Endpoints.Todos;
using Todo.Api.Endpoints.Transfer;
using Todo.Api.Listing;
using Todo.Api.Live;
using Todo.Api.Searching;
using Todo.Api.Todos;
using Todo.Api.Undoing;
using Todo.Api.Upkeep;

namespace Todo.Api;

/// <summary>The service as a whole: what it consists of and where its endpoints are.</summary>
public static class TodoApiService
{
    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create("todo-api", args, options);
        var profile = Profile.Read(service.Settings);
        service.Json(TodoJson.Default);
        service.Explain(TodoProblems.All);
        service.UseDatabase(typeof(TodoApiService).Assembly, database => profile.Apply(service.Settings, database));
        service.UseCallers("todo");
        service.UseCors();
        service.Limit("invite", permits: 60, window: TimeSpan.FromHours(1));
        service.Limit("transfer", permits: 60, window: TimeSpan.FromMinutes(10));

        var services = service.Services;
        services.AddSingleton(new SearchLanguages(Languages(service)));
        services.AddSingleton(HousekeepingPace.Read(service.Settings));
        services.AddSingleton(new LastKnownOptions(
            !profile.IsBaseline,
            TimeSpan.FromSeconds(service.Settings.Number("CACHE_TTL_SECONDS", 300, 1, 3600)),
            TimeSpan.FromSeconds(service.Settings.Number("CACHE_CHECK_SECONDS", 60, 1, 3600))));
        services.AddSingleton<LastKnown>();
        services.AddSingleton<TodoRows>();
        services.AddSingleton<TodoBook>();
        services.AddSingleton<TodoMoving>();
        services.AddSingleton<TodoOperations>();
        services.AddSingleton<TodoListing>();
        services.AddSingleton<Importing>();
        services.AddSingleton<Undo>();
        services.AddSingleton<ChangeSignal>();
        services.AddSingleton<ChangeAudit>();
        services.AddSingleton<ChangeMetrics>();
        services.AddSingleton<Edits>();
        services.AddSingleton<Housekeeping>();
        services.AddSingleton<ChangeFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeFeed>());
        services.AddHostedService<ChangeAnnouncer>();
        services.AddHostedService<HousekeepingLoop>();

        service.Command("purge", async (provider, cancellation) =>
        {
            await provider.GetRequiredService<Housekeeping>().RunAsync(cancellation);
            return 0;
        });
        service.Command(
            "baseline-indexes", (provider, cancellation) => BaselineIndexes.RunAsync(provider.GetRequiredService<Database>(), service.Arguments, cancellation));
        return service;
    }

    public static void Map(WebApplication app)
    {
        var api = app.MapGroup("/api/v1");
        ListTodos.Map(api);
        CreateTodo.Map(api);
        GetTodo.Map(api);
        ReplaceTodo.Map(api);
        PatchTodo.Map(api);
        DeleteTodo.Map(api);
        CompleteTodo.Map(api);
        ReopenTodo.Map(api);
        RestoreTodo.Map(api);
        MoveTodo.Map(api);
        TodoHistory.Map(api);
        BatchTodos.Map(api);
        QuickTodo.Map(api);
        NamesInUse.Map(api);
        EmptyTrash.Map(api);
        UndoChange.Map(api);
        LiveChanges.Map(api);
        ListLists.Map(api);
        CreateList.Map(api);
        GetList.Map(api);
        PatchList.Map(api);
        DeleteList.Map(api);
        RestoreList.Map(api);
        ListMembers.Map(api);
        PatchMember.Map(api);
        RemoveMember.Map(api);
        InviteToList.Map(api);
        ListInvitations.Map(api);
        WithdrawInvitation.Map(api);
        MyInvitations.Map(api);
        ImportTodos.Map(api);
        ExportTodos.Map(api);
        MapDocumented(app);
    }

    /// <summary>The older, plain surface. It stays beside the versioned one and works on the same todos.</summary>
    private static void MapDocumented(IEndpointRouteBuilder app)
    {
        PlainListing.Map(app);
        PlainGet.Map(app);
        PlainWriting.Map(app);
    }

    private static IReadOnlyList<string> Languages(SlipwayService service)
    {
        var names = service.Settings.List("SEARCH_LANGUAGES");
        foreach (var unknown in names.Where(name => !SearchLanguages.Known.Contains(name)))
        {
            service.Settings.Mistaken($"SEARCH_LANGUAGES knows {string.Join(", ", SearchLanguages.Known)}, not \"{unknown}\".");
        }

        return names;
    }
}
