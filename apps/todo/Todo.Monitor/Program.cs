using Todo.Monitor;

return await MonitorService.Create(args).RunAsync(MonitorService.Map);
