using Retail.Sandbox;

return await SandboxService.Create(args).RunAsync(SandboxService.Map);
