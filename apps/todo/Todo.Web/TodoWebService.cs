using Microsoft.AspNetCore.Builder;
using Slipway.Sdk.Database;
using Slipway.Sdk.Pages;
using Slipway.Sdk.Service;
using Slipway.Sdk.Sessions;
using SessionOptions = Slipway.Sdk.Sessions.SessionOptions;

namespace Todo.Web;

/// <summary>
/// The only address of the Todo product that a browser talks to: its page, the browser's session, and the services behind it. Tokens stay
/// here; the page knows a cookie it cannot read.
/// </summary>
public static class TodoWebService
{
    public const string Name = "todo";

    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create(Name, args, options);
        service.UseDatabase(typeof(TodoWebService).Assembly);
        service.UseBrowserSessions(new SessionOptions
        {
            ClientId = "todo",
            Scopes = "openid profile email todo.todos:read todo.todos:write todo.todos:delete todo.lists:read todo.lists:write todo.lists:delete todo.insights:read",
            Audience = "todo",
        });
        return service;
    }

    public static void Map(WebApplication app)
    {
        app.MapBrowserSessions();
        app.MapSessionProxy("/api/todo", "todo-api", "/api/v1");
        app.MapSessionProxy("/api/insights", "todo-insights", "/api/v1");
        app.MapSessionProxy("/api/status", "todo-monitor", "/api/v1/status");
        app.MapPages("pages/todo");
    }
}
