using System.Reflection;
using Slipway.Sdk.Database;
using Slipway.Sdk.Service;
using Todo.Monitor.Checking;
using Todo.Monitor.Endpoints;
using Todo.Monitor.History;
using Todo.Monitor.Probing;
using Todo.Monitor.Status;

namespace Todo.Monitor;

/// <summary>Looks at the product's services once a minute and shows everybody how they are.</summary>
public static class MonitorService
{
    public const string Name = "todo-monitor";

    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create(Name, args, options);
        service.Json(MonitorJson.Default);
        service.UseDatabase(Assembly.GetExecutingAssembly());
        service.UseCors();
        service.Services.AddSingleton(MonitorSettings.Read(service.Settings, service.Addresses));
        service.Services.AddSingleton<SleepingServices>();
        service.Services.AddSingleton<Prober>();
        service.Services.AddSingleton<HistoryWriter>();
        service.Services.AddSingleton<HistoryReader>();
        service.Services.AddSingleton<Retention>();
        service.Services.AddSingleton<RecentPicture>();
        service.Services.AddSingleton<CheckCommand>();
        service.Command("check", (services, cancellation) =>
            services.GetRequiredService<CheckCommand>().RunAsync(Console.Out, Console.Error, cancellation));
        return service;
    }

    public static void Map(WebApplication app)
    {
        GetStatus.Map(app);
        GetHistory.Map(app);
        StatusPage.Map(app);
    }
}
