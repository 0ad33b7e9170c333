using Slipway.Identity;

return await IdentityService.Create(args).RunAsync(IdentityService.Map);
