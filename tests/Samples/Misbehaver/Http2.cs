using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Slipway.Misbehaver;

/// <summary>HTTP/2 by prior knowledge only, with the health service of gRPC.</summary>
internal static class Http2
{
    public static async Task<int> ServeAsync(int port, Task<int> end)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAnyIP(port, listen => listen.Protocols = HttpProtocols.Http2));
        await using var app = builder.Build();
        app.Run(async context =>
        {
            if (context.Request.Path == "/grpc.health.v1.Health/Check")
            {
                context.Response.ContentType = "application/grpc";

                // A message of two bytes: field 1 is 1 (SERVING) or 2 (NOT_SERVING).
                await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 2, 8, (byte)(Answers.Ready ? 1 : 2) });
                context.Response.AppendTrailer("grpc-status", "0");
                return;
            }

            var answer = await Answers.ToAsync(context.Request.Path, context.Request.QueryString.Value?.TrimStart('?') ?? "");
            context.Response.StatusCode = answer.Status;
            await context.Response.WriteAsync(answer.Body);
        });
        await app.StartAsync();
        Console.WriteLine($"listening on {port} (h2c)");
        var code = await end;
        await app.StopAsync();
        return code;
    }
}
