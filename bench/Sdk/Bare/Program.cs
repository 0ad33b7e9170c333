using Microsoft.AspNetCore.Builder;

// What anybody would write without the kit: one endpoint and nothing around it.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
app.MapGet("/", () => "hello");
app.Run("http://127.0.0.1:" + Environment.GetEnvironmentVariable("PORT"));
