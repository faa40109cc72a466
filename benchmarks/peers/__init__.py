"""What people use today, installed beside us and measured with the same load."""
