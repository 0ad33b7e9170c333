using Todo.Insights;

return await InsightsService.Create(args).RunAsync(InsightsService.Map);
