"""A scenario that several groups begin with."""

# Three GPUs that are alike. What is added first is said of them too.
THREE = '''[system]
driver_version = 550.163.01
cuda_version = 12040
[device 0-2]
name = NVIDIA Card
mem_total = 16GiB
mem_used = 1GiB
temperature = 61
power = 120W
power_limit = 300W
'''
