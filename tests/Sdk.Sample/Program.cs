using Slipway.Sdk.Sample;

return await SampleService.Create(args).RunAsync(SampleService.Map);
