using Titanic.Api;

return await TitanicService.Create(args).RunAsync(TitanicService.Map);
