using Microsoft.AspNetCore.Builder;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Service;

// The same endpoint on the kit, with everything a service gets there.
var service = SlipwayService.Create("empty", args);
service.UseCallers("empty");
service.UseCors();
return await service.RunAsync(app => app.MapGet("/", () => "hello").OpenToAll("a bench"));
